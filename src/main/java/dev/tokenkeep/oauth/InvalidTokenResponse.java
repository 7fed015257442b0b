package dev.tokenkeep.oauth;

/** A caller's {@code token_response} cannot be used. The message says why and quotes nothing. */
public final class InvalidTokenResponse extends RuntimeException {

    private final String member;

    InvalidTokenResponse(String member, String message) {
        super(message);
        this.member = member;
    }

    /** A session that is to be refreshed needs a refresh token. */
    public static InvalidTokenResponse withoutRefreshToken() {
        return new InvalidTokenResponse("refresh_token", "is missing: a session needs a refresh token");
    }

    /** Returns where the fault is in a body that has the response as its member {@code token_response}. */
    public String path() {
        return member.isEmpty() ? "token_response" : "token_response." + member;
    }

    /** Returns the name of the invalid member of the token response; empty if the whole response is invalid. */
    public String member() {
        return member;
    }
}
