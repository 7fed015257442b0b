package dev.tokenkeep.operations;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import sun.misc.Signal;

/**
 * Ends the service's process: it stops by itself on SIGTERM, and its exit code shows whether everything was stored.
 * Without this the JVM would exit with 143 either way. An application that uses the jar keeps its own handling.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class ExitCodeHandler {

    /** Not 1, which means that the start was refused. */
    static final int NOT_STORED = 2;

    private final GracefulShutdown shutdown;

    ExitCodeHandler(GracefulShutdown shutdown) {
        this.shutdown = shutdown;
    }

    void listen(@Observes StartupEvent event) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            var exit = ApplicationLifecycleManager.getDefaultExitCodeHandler();
            ApplicationLifecycleManager.setDefaultExitCodeHandler(
                    (code, failure) -> exit.accept(exitCode(code), failure));
            Signal.handle(new Signal("TERM"), signal -> Quarkus.asyncExit());
        }
    }

    /** Returns {@link #NOT_STORED} instead of 0 if the drain did not complete, for whatever reason. */
    int exitCode(int code) {
        return code == 0 && !shutdown.complete() ? NOT_STORED : code;
    }
}
