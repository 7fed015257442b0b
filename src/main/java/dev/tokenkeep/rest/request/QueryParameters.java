package dev.tokenkeep.rest.request;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.problem.Problem;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a call. Refuses unknown and repeated parameters; every error names its parameter. Parsed by
 * hand, because the framework treats an empty value as absent.
 */
public record QueryParameters(MultivaluedMap<String, String> values) {

    private static final int MAX_WAIT = 30;
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 100;

    /** @param known all allowed names; a misspelt parameter is refused, because it would be ignored silently */
    public static QueryParameters of(UriInfo uri, String... known) {
        MultivaluedMap<String, String> values = uri.getQueryParameters();
        Set<String> names = Set.of(known);
        values.forEach((name, given) -> {
            if (!names.contains(name)) {
                throw Problem.invalid(PlainText.quotable(name), "Unknown query parameter.")
                        .thrown();
            }
            if (given.size() > 1) {
                throw RequestBody.invalid(name, "is given more than once.");
            }
        });
        return new QueryParameters(values);
    }

    /** In whole seconds; zero if absent. */
    public Duration minTtl() {
        return Duration.ofSeconds(number("min_ttl", 0, 0, Integer.MAX_VALUE));
    }

    /** In whole seconds, up to 30; zero if absent. */
    public Duration longestWait() {
        return Duration.ofSeconds(number("wait", 0, 0, MAX_WAIT));
    }

    public int limit() {
        return (int) number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    private long number(String name, long otherwise, long least, long most) {
        String value = values.getFirst(name);
        if (value == null) {
            return otherwise;
        }
        long number = value.matches("[0-9]{1,10}") ? Long.parseLong(value) : -1;
        if (number < least || number > most) {
            throw RequestBody.invalid(name, "must be a whole number from " + least + " to " + most + ".");
        }
        return number;
    }

    @Nullable
    public SessionStatus status() {
        String value = values.getFirst("status");
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

    public boolean fresh() {
        String value = values.getFirst("fresh");
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw RequestBody.invalid("fresh", "must be true or false.");
    }

    /** Whether the sessions of a registration are to be removed with it. */
    public boolean removesSessions() {
        String value = values.getFirst("sessions");
        if (value == null || value.equals("keep")) {
            return false;
        }
        if (value.equals("remove")) {
            return true;
        }
        throw RequestBody.invalid("sessions", "must be keep or remove.");
    }

    /** Returns a parameter that must be there. */
    public String required(String name, int longest) {
        String value = text(name, longest);
        if (value == null || value.isEmpty()) {
            throw RequestBody.invalid(name, "is required.");
        }
        return value;
    }

    @Nullable
    public String text(String name, int longest) {
        String value = values.getFirst(name);
        return value == null ? null : PlainText.checked(name, value, longest);
    }
}
