package dev.tokenkeep.rest.imports;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The imports that run in this process: one of a caller at a time, and none during a shutdown. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class RunningImports {

    private final Set<String> callers = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** Returns whether this caller's import may begin; if so, {@link #end} must follow. */
    boolean begin(String caller) {
        return callers.add(caller);
    }

    void end(String caller) {
        callers.remove(caller);
    }

    /** Waits. Returns whether the process shuts down. */
    boolean stopsWithin(Duration pause) {
        try {
            return stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    void stop(@Observes ShutdownDelayInitiatedEvent shutdown) {
        stopping.countDown();
    }

    /** Without a delay, as in most applications that have the library, only this one comes. */
    void stop(@Observes ShutdownEvent shutdown) {
        stopping.countDown();
    }
}
