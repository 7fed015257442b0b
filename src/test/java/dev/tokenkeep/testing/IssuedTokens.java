package dev.tokenkeep.testing;

/** A token response of the scripted authorization server. */
public record IssuedTokens(String accessToken, String refreshToken, long expiresIn) {

    public String json() {
        return """
                {"access_token":"%s","token_type":"Bearer","expires_in":%d,"refresh_token":"%s","scope":"read write"}""".formatted(accessToken, expiresIn, refreshToken);
    }

    /** Without an access token, as a caller may hand it in. */
    public String refreshTokenOnly() {
        return "{\"refresh_token\":\"" + refreshToken + "\"}";
    }
}
