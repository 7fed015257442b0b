package dev.tokenkeep.startup;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The packaged service's own main, named so that an application that takes the jar does not get it. */
@QuarkusMain(name = "tokenkeep")
public final class Service {

    /** What it says before the log is set up, which it never is where a setting can't be read. */
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

    /** After the last line that anything else has logged. */
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
            System.err.println("Tokenkeep can't start:");
            lines.forEach(line -> System.err.println("  " + line));
        }
    }
}
