package dev.tokenkeep.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The result of one refresh request. No result holds a response body. */
public sealed interface TokenResult {

    Kind kind();

    /** Returns a short stable name for logs and the session's {@code failure.code}: an OAuth error code or our own. */
    String code();

    /** The kind of result, for {@code switch}. */
    enum Kind {
        REFRESHED,
        REFUSED,
        UNKNOWN,
        NOT_SENT
    }

    /** The authorization server answered with tokens. */
    record Refreshed(TokenResponse response) implements TokenResult {

        /** @param date the response's {@code Date}, by the authorization server's clock; null if there is none */
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
     * The authorization server refused in a way that shows whether the refresh token was spent.
     *
     * @param code the OAuth error code, or {@code http_429} and similar if there was none
     * @param retryAfter how long the server asks to wait, from the response's arrival; null if it does not say
     * @param claims what the user has to do first: the {@code claims} of a new authorization request (OpenID Connect
     *     Core 1.0 §5.5); null if the server does not say
     */
    record Refused(
            FailureClass failureClass,
            String code,
            @Nullable Duration retryAfter,
            @Nullable String claims) implements TokenResult {

        public Refused(FailureClass failureClass, String code, @Nullable Duration retryAfter) {
            this(failureClass, code, retryAfter, null);
        }

        private static final Set<String> THROTTLED =
                Set.of("http_429", "too_many_requests", "slow_down", "rate_limited");

        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }

        /** Returns whether it says nothing about the grant: it is for now, or the client or its clock is at fault. */
        public boolean leavesGrantOpen() {
            return failureClass == FailureClass.TRANSIENT
                    || failureClass == FailureClass.REGISTRATION_WRONG
                    || (failureClass == FailureClass.REQUEST_WRONG && TokenErrors.INVALID_PROOF.equals(code));
        }

        /**
         * Returns what it means for a request that asks for something in particular: what looks like the client's fault or
         * an access that is denied may be just that. A client that cannot authenticate is refused whatever it asks for.
         */
        public Refused ofTarget() {
            boolean particular =
                    failureClass == FailureClass.ACCESS_DENIED || failureClass == FailureClass.REGISTRATION_WRONG;
            return particular && !isThrottled() && !code.equals("invalid_client")
                    ? new Refused(FailureClass.REQUEST_WRONG, code, retryAfter, claims)
                    : this;
        }

        /** Returns whether the server asks to slow down. */
        public boolean isThrottled() {
            return retryAfter != null || THROTTLED.contains(code);
        }
    }

    /**
     * The request was sent or may have been sent, and its result is unknown. The refresh token may be spent.
     *
     * @param code {@code timeout}, {@code connection_lost}, {@code http_502}, {@code unreadable_response} …
     * @param retryAfter how long the server asks to wait; null if it does not say
     */
    record Unknown(String code, @Nullable Duration retryAfter) implements TokenResult {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }

    /**
     * Not one byte of the request was sent. The refresh token is certainly not spent.
     *
     * @param code {@code connect_failed}, {@code lease_too_short}, {@code breaker_open}, {@code discovery_failed} …
     */
    record NotSent(String code) implements TokenResult {

        /**
         * The lease ended before the request could be sent. This is our own delay and no failure of the authorization
         * server.
         */
        public static final String LEASE_TOO_SHORT = "lease_too_short";

        /** Other requests have shown that the server is unavailable. */
        public static final String BREAKER_OPEN = "breaker_open";

        /** Returns whether this result says nothing about the session. */
        public boolean isOwnDelay() {
            return code.equals(LEASE_TOO_SHORT) || code.equals(BREAKER_OPEN);
        }

        @Override
        public Kind kind() {
            return Kind.NOT_SENT;
        }
    }
}
