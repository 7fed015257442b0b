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
 * How the service's process ends: on SIGTERM it stops by itself, and its exit code tells whether everything was stored. Left
 * to the JVM it would be 143 either way. An application that takes the jar ends as it likes.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class ExitCodeHandler {

    /** Not 1, which is a start that was refused. */
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

    /** Whatever kept the drain from its end, it was not complete. */
    int exitCode(int code) {
        return code == 0 && !shutdown.complete() ? NOT_STORED : code;
    }
}
