package dev.tokenkeep.database;

import java.sql.SQLException;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells of failures in the log: by what caused them, not by what is wrapped around it, and not once for each call of an outage. */
public final class DatabaseFailure {

    private static final int DEEPEST = 20;

    /** Whether the guard has told how the database is. */
    private static volatile boolean told;

    private DatabaseFailure() {}

    static void told(boolean outage) {
        told = outage;
    }

    /** Logs what could not be done, with the cause, unless the database's guard has told it already. */
    public static void log(Logger log, Throwable failure, String what, Object... arguments) {
        if (!told && !(failure instanceof DatabaseUnavailableException)) {
            log.errorf("%s: %s", String.format(Locale.ROOT, what, arguments), name(failure));
        }
    }

    /** The cause's class, with its SQLSTATE. Never its message: the database's may quote rows and credentials. */
    public static String name(Throwable failure) {
        Throwable cause = failure;
        String state = "";
        for (int depth = 0; depth < DEEPEST; depth++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                state = " (SQLSTATE " + sql.getSQLState() + ")";
            }
            if (cause.getCause() == null) {
                break;
            }
            cause = cause.getCause();
        }
        return cause.getClass().getName() + state;
    }
}
