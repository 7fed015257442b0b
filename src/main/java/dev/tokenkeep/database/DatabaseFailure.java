package dev.tokenkeep.database;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logs failures by their cause, not by the exceptions around it, and not once for each call during an outage. */
public final class DatabaseFailure {

    private static final int DEEPEST = 20;
    /** The number of a transaction manager's exception. Some of its exceptions have no cause. */
    private static final Pattern NUMBER = Pattern.compile("ARJUNA\\d+");

    /** Whether the guard has already logged that the database is not up. */
    private static volatile boolean told;

    /** Whether the process ends, or its start has failed. What a job cannot do then is no failure. */
    private static volatile boolean ending;

    private DatabaseFailure() {}

    static void told(boolean outage) {
        told = outage;
    }

    static void ending(boolean ends) {
        ending = ends;
    }

    /** Logs what could not be done, with the cause, unless the guard has already logged the outage, or the process ends. */
    public static void log(Logger log, Throwable failure, String what, Object... arguments) {
        if (!told && !ending && !(failure instanceof DatabaseUnavailableException)) {
            log.errorf("%s: %s", String.format(Locale.ROOT, what, arguments), name(failure));
        }
    }

    /**
     * Returns the cause's class, with its SQLSTATE or the transaction manager's number for it. Never returns its
     * message: the database's message may quote rows and credentials.
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

    /** The transaction manager adds what failed at the commit as a suppressed exception. */
    private static @Nullable Throwable cause(Throwable failure) {
        Throwable[] suppressed = failure.getSuppressed();
        return failure.getCause() == null && suppressed.length > 0 ? suppressed[0] : failure.getCause();
    }
}
