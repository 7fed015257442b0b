package dev.tokenkeep.rest;

import dev.tokenkeep.session.SessionStatus;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, read so that whatever is wrong is told by its name. */
final class QueryParameters {

    private static final int MOST = 500;
    private static final int USUAL = 100;

    private QueryParameters() {}

    /** Whole seconds; absent is zero. */
    static Duration minTtl(@Nullable String value) {
        return Duration.ofSeconds(value == null ? 0 : number("min_ttl", value, 0, Integer.MAX_VALUE));
    }

    static int limit(@Nullable String value) {
        return value == null ? USUAL : (int) number("limit", value, 1, MOST);
    }

    private static long number(String name, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of its bounds is.
        }
        throw RequestBody.invalid(name, "must be a whole number from " + least + " to " + most + ".");
    }

    static @Nullable SessionStatus status(@Nullable String value) {
        if (value == null) {
            return null;
        }
        return Arrays.stream(SessionStatus.values())
                .filter(status ->
                        status != SessionStatus.REMOVED && status.name().equals(value))
                .findFirst()
                .orElseThrow(() -> RequestBody.invalid(
                        "status",
                        "must be one of ACTIVE, REAUTHENTICATION_REQUIRED, USER_ACTION_REQUIRED, QUARANTINED."));
    }

    static boolean fresh(@Nullable String value) {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw RequestBody.invalid("fresh", "must be true or false.");
    }

    static @Nullable String text(String name, @Nullable String value) {
        return value == null ? null : PlainText.checked(name, value, 255);
    }
}
