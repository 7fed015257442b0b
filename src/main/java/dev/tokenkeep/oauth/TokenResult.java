package dev.tokenkeep.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one refresh request ended. Every ending is one of these; none carries a body. */
public sealed interface TokenResult {

    Kind kind();

    /** A short stable name for logs and the session's {@code failure.code}: an OAuth error code or our own word. */
    String code();

    /** For {@code switch}. */
    enum Kind {
        REFRESHED,
        REFUSED,
        UNKNOWN,
        NOT_SENT
    }

    /** The authorization server answered with tokens. */
    record Refreshed(TokenResponse response) implements TokenResult {

        /** @param date when it was written, by the authorization server's clock; null if that is not told */
        public Refreshed writtenAt(@Nullable Instant date) {
            return new Refreshed(response.writtenAt(date));
        }

        @Override
        public Kind kind() {
            return Kind.REFRESHED;
        }

        @Override
        public String code() {
            return "refreshed";
        }
    }

    /**
     * The authorization server refused in a way that tells whether the refresh token was spent.
     *
     * @param code the OAuth error code, or {@code http_429} and the like where there was none
     * @param retryAfter when the server asks to be left alone, from the answer's arrival
     */
    record Refused(
            FailureClass failureClass,
            String code,
            @Nullable Duration retryAfter) implements TokenResult {

        private static final Set<String> THROTTLED =
                Set.of("http_429", "too_many_requests", "slow_down", "rate_limited");

        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }

        /** Whether the server asks to be left alone. */
        public boolean isThrottled() {
            return retryAfter != null || THROTTLED.contains(code);
        }
    }

    /**
     * The request was (or may have been) sent and its outcome is not known: the refresh token may be spent.
     *
     * @param code {@code timeout}, {@code connection_lost}, {@code http_502}, {@code unreadable_response} …
     * @param retryAfter when the server asks to be left alone, if it said so
     */
    record Unknown(String code, @Nullable Duration retryAfter) implements TokenResult {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }

    /**
     * Not one byte of the request was sent: the refresh token is certainly not spent.
     *
     * @param code {@code connect_failed}, {@code lease_too_short}, {@code breaker_open}, {@code discovery_failed} …
     */
    record NotSent(String code) implements TokenResult {

        /** The lease was over before the request could be sent: our own delay, and no failure of anybody's. */
        public static final String LEASE_TOO_SHORT = "lease_too_short";

        /** Others have shown that the server is away. */
        public static final String BREAKER_OPEN = "breaker_open";

        /** Whether it says nothing of the session. */
        public boolean isOwnDelay() {
            return code.equals(LEASE_TOO_SHORT) || code.equals(BREAKER_OPEN);
        }

        @Override
        public Kind kind() {
            return Kind.NOT_SENT;
        }
    }
}
