package dev.tokenkeep.http;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How one HTTP request ended. */
public sealed interface HttpResult {

    /** The ticker's reading just before the first byte, or when it was known that there would be none. */
    long startedNanos();

    /**
     * An answer, whole.
     *
     * @param date when it was written, by the server's clock; null if that is not told
     * @param retryAfter when the server asks to be left alone
     */
    record Response(
            int status,
            @Nullable String contentType,
            @Nullable Instant date,
            @Nullable Duration retryAfter,
            byte[] body,
            long startedNanos)
            implements HttpResult {}

    /** Not one byte was written. */
    record NotSent(String code, long startedNanos) implements HttpResult {}

    /** Something was written, and no whole answer came. */
    record Lost(String code, long startedNanos) implements HttpResult {}
}
