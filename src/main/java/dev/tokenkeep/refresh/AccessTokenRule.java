package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.AccessTokenAudience;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.Dpop;
import org.jspecify.annotations.Nullable;

/** Decides whether the access token of a token response can be served. */
public final class AccessTokenRule {

    private AccessTokenRule() {}

    /**
     * Returns the response without its access token if that cannot be served. The session is then refreshed at once.
     *
     * @param askedWithKey whether it was asked for with the proof of a key
     */
    public static TokenResponse servable(
            TokenResponse response, ClientRegistration registration, boolean askedWithKey) {
        return response.accessToken() == null || objection(response, registration, askedWithKey) == null
                ? response
                : response.withoutAccessToken();
    }

    /**
     * Returns why the access token cannot be served; null if it can. The refresh token of the response is good in
     * either case.
     *
     * @param askedWithKey whether it was asked for with the proof of a key
     */
    static @Nullable String objection(TokenResponse response, ClientRegistration registration, boolean askedWithKey) {
        Secret accessToken = response.accessToken();
        String audience = registration.accessTokens().expectedAudience();
        if (accessToken == null) {
            return "unsupported_token_type";
        }
        if (!accessToken.isVisible()) {
            return "invalid_access_token";
        }
        if (accessToken.isTooLong()) {
            return "access_token_too_long";
        }
        if (response.isBound() && !askedWithKey) {
            // Nobody here has its key.
            return "unsupported_token_type";
        }
        if (!response.isBound() && registration.accessTokens().dpop() == Dpop.REQUIRED) {
            // A downgrade (RFC 9449 §5).
            return "access_token_not_bound";
        }
        return audience != null && AccessTokenAudience.isAnothers(accessToken, audience) ? "wrong_audience" : null;
    }
}
