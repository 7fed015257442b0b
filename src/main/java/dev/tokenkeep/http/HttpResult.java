package dev.tokenkeep.http;

import dev.tokenkeep.oauth.TokenResponseParser;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one HTTP request ended. */
public sealed interface HttpResult {

    /** Returns the ticker's reading just before the first byte, or when it was known that nothing would be sent. */
    long startedNanos();

    /** Returns what the next DPoP proof to this server must have (RFC 9449 §8.2); null if it does not say. */
    default @Nullable String dpopNonce() {
        return null;
    }

    /**
     * A complete response.
     *
     * @param date its {@code Date} header, by the server's clock; null if there is none
     * @param dpopNonce what the next DPoP proof to this server must have (RFC 9449 §8.2); null if it does not say
     * @param retryAfter how long the server asks to wait; null if it does not say
     */
    record Response(
            int status,
            @Nullable String contentType,
            @Nullable Instant date,
            @Nullable Duration retryAfter,
            @Nullable String dpopNonce,
            byte[] body,
            long startedNanos)
            implements HttpResult {

        /** Returns the {@code error} of an error response (RFC 6749 §5.2); empty if it has none. */
        public Optional<String> errorCode() {
            return TokenResponseParser.errorCode(contentType, body);
        }
    }

    /** Not one byte was written. */
    record NotSent(String code, long startedNanos) implements HttpResult {}

    /** At least one byte may have been written, but no complete response came. */
    record Lost(String code, long startedNanos) implements HttpResult {}
}
