package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.AccessTokenAudience;
import dev.tokenkeep.oauth.AnsweredResources;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.Dpop;
import dev.tokenkeep.registration.Target;
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
        return response.accessToken() == null || objection(response, registration, null, askedWithKey) == null
                ? response
                : response.withoutAccessToken();
    }

    /**
     * Returns why the access token cannot be served; null if it can. The refresh token of the response is good in
     * either case.
     *
     * @param target what it was asked for; null for the session's own access token
     * @param askedWithKey whether it was asked for with the proof of a key
     */
    public static @Nullable String objection(
            TokenResponse response, ClientRegistration registration, @Nullable Target target, boolean askedWithKey) {
        Secret accessToken = response.accessToken();
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
        return isForAnother(response, accessToken, registration, target) ? "wrong_audience" : null;
    }

    private static boolean isForAnother(
            TokenResponse response, Secret accessToken, ClientRegistration registration, @Nullable Target target) {
        if (target != null && target.resource() != null && AnsweredResources.areOthers(response, target.resource())) {
            return true;
        }
        String audience = target == null ? registration.accessTokens().expectedAudience() : target.expectedAudience();
        return audience != null && AccessTokenAudience.isAnothers(accessToken, audience);
    }
}
