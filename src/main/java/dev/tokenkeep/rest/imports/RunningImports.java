package dev.tokenkeep.rest.imports;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The imports that run in this process: one of a caller at a time, and none during a shutdown. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class RunningImports {

    private final Map<String, Object> byCaller = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** Returns what ends this caller's import, however often it is called; empty if one of it is running. */
    Optional<Runnable> begin(String caller) {
        var own = new Object();
        return byCaller.putIfAbsent(caller, own) == null
                ? Optional.of(() -> byCaller.remove(caller, own))
                : Optional.empty();
    }

    /** Returns whether the process shuts down. */
    boolean isStopping() {
        return stopping.getCount() == 0;
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
