package dev.tokenkeep.oauth;

import org.jspecify.annotations.Nullable;

/** Reads what a token endpoint answered (RFC 6749 §5.1 and §5.2) into one outcome. Stateless, thread-safe. */
public final class TokenResponseParser {

    /** A caller's {@code token_response} can't be used. */
    public static final class InvalidTokenResponse extends RuntimeException {

        private final String member;

        InvalidTokenResponse(String member, String message) {
            super(message);
            this.member = member;
        }

        /** The culprit's name inside the token response, or empty for the whole of it. */
        public String member() {
            return member;
        }
    }

    private TokenResponseParser() {}

    /**
     * The outcome of a refresh that was answered.
     *
     * @param contentType as the header has it
     * @param retryAfter the header, unparsed
     */
    public static RefreshOutcome outcome(
            int status, @Nullable String contentType, @Nullable String retryAfter, byte[] body) {
        throw new UnsupportedOperationException();
    }

    /**
     * A token response that a caller hands in: it must have a refresh token, may lack an access token, and every
     * member that is kept must be of its type.
     *
     * @throws InvalidTokenResponse naming the member
     */
    public static TokenResponse registered(com.fasterxml.jackson.databind.JsonNode tokenResponse) {
        throw new UnsupportedOperationException();
    }
}
