package dev.tokenkeep.startup;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The main class of the packaged service. It has a name, so that an application that uses the jar does not run it. */
@QuarkusMain(name = "tokenkeep")
public final class Service {

    /** Logs before the log is set up. If a setting cannot be read, the log is never set up. */
    private static final Logger HIBERNATE = Logger.getLogger("org.hibernate");

    Service() {}

    public static void main(String... arguments) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            HIBERNATE.setLevel(Level.WARNING);
            Quarkus.run(null, Service::ended, arguments);
        } else {
            Quarkus.run(arguments);
        }
    }

    /** Runs after everything else has logged its last line. */
    private static void ended(int code, Throwable failure) {
        if (failure != null) {
            tell(failure);
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }

    private static void tell(Throwable failure) {
        List<String> lines = StartFailure.lines(failure);
        if (lines.isEmpty()) {
            failure.printStackTrace();
        } else {
            System.err.println("Tokenkeep cannot start:");
            lines.forEach(line -> System.err.println("  " + line));
        }
    }
}
