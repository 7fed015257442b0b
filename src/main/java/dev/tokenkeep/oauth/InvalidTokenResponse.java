package dev.tokenkeep.oauth;

/** A caller's {@code token_response} can't be used. The message says why and quotes nothing. */
public final class InvalidTokenResponse extends RuntimeException {

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
