package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.fuzz.FuzzInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whatever a server says of when to come back is nothing, or between now and an hour from now. */
public final class RetryAfterFuzz {

    private static final List<Integer> STATUSES = List.of(429, 403, 503, 200);

    private RetryAfterFuzz() {}

    public static void read(FuzzInput input) {
        int status = input.oneOf(STATUSES);
        Map<String, String> headers = headers(input.text());

        Duration wait = RetryAfter.of(status, headers::get);

        assertThat(wait == null ? Duration.ZERO : wait).isBetween(Duration.ZERO, Duration.ofHours(1));
    }

    /** {@code name: value}, separated by tabs. */
    private static Map<String, String> headers(String text) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (String line : text.split("\t", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return headers;
    }
}
