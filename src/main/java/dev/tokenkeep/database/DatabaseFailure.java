package dev.tokenkeep.database;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells of failures in the log: by what caused them, not by what is wrapped around it, and not once for each call of an outage. */
public final class DatabaseFailure {

    private static final int DEEPEST = 20;
    /** Some of its exceptions have no cause. */
    private static final Pattern NUMBER = Pattern.compile("ARJUNA\\d+");

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

    /**
     * The cause's class, with its SQLSTATE or the transaction manager's number for it. Never its message: the database's may quote
     * rows and credentials.
     */
    public static String name(Throwable failure) {
        Throwable cause = failure;
        String state = "";
        for (int depth = 0; depth < DEEPEST; depth++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                state = " (SQLSTATE " + sql.getSQLState() + ")";
            }
            Throwable deeper = cause(cause);
            if (deeper == null) {
                break;
            }
            cause = deeper;
        }
        return cause.getClass().getName() + (state.isEmpty() ? number(cause) : state);
    }

    private static String number(Throwable cause) {
        Matcher number = NUMBER.matcher(String.valueOf(cause.getMessage()));
        return number.lookingAt() ? " (" + number.group() + ")" : "";
    }

    /** The transaction manager has what failed at the commit suppressed. */
    private static @Nullable Throwable cause(Throwable failure) {
        Throwable[] suppressed = failure.getSuppressed();
        return failure.getCause() == null && suppressed.length > 0 ? suppressed[0] : failure.getCause();
    }
}
