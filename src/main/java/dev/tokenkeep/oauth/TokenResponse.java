package dev.tokenkeep.oauth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A successful token response (RFC 6749 §5.1) as far as it is kept.
 *
 * @param accessToken null only where a caller registers a session without one
 * @param tokenType as the authorization server spelled it, or null if it did not tell
 * @param expiry of the access token
 * @param refreshToken null if the authorization server issued no new one: the old one stays good (RFC 6749 §6)
 * @param refreshTokenExpiresIn the refresh token's lifetime, if told
 * @param scope space-separated, or null: unchanged
 * @param idToken null if there was none
 */
public record TokenResponse(
        @Nullable Secret accessToken,
        @Nullable String tokenType,
        AccessTokenExpiry expiry,
        @Nullable Secret refreshToken,
        @Nullable Duration refreshTokenExpiresIn,
        @Nullable String scope,
        @Nullable Secret idToken) {

    TokenResponse writtenAt(@Nullable Instant date) {
        return new TokenResponse(
                accessToken, tokenType, expiry.writtenAt(date), refreshToken, refreshTokenExpiresIn, scope, idToken);
    }
}
