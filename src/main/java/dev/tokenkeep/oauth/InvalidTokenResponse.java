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

    /** An access token of another type cannot be presented. */
    public static InvalidTokenResponse unsupportedTokenType() {
        return new InvalidTokenResponse("token_type", "is not supported; it must be Bearer, or DPoP with dpop=true");
    }

    /** With DPoP, an access token is only good with its key. */
    public static InvalidTokenResponse accessTokenOfOtherKey() {
        return new InvalidTokenResponse(
                "refresh_token",
                "is missing: with dpop a session needs one, because the access token is not bound to a key of Tokenkeep");
    }

    /** With DPoP, the refresh token of a public client is only good with its key (RFC 9449 §5). */
    public static InvalidTokenResponse refreshTokenOfOtherKey() {
        return new InvalidTokenResponse(
                "refresh_token",
                "cannot be kept: with dpop, Tokenkeep has to sign in users of a client that does not authenticate,"
                        + " because their refresh tokens are bound to a key");
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
