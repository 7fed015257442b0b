package dev.tokenkeep.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A successful token response (RFC 6749 §5.1) as far as it is kept.
 *
 * @param accessToken null only where a caller registers a session without one
 * @param tokenType as the authorization server spelled it, or null if it did not tell
 * @param expiresIn the access token's lifetime from the request's start; null if unknown, zero if it had expired already
 * @param refreshToken null if the authorization server issued no new one: the old one stays good (RFC 6749 §6)
 * @param refreshTokenExpiresIn the refresh token's lifetime, if told
 * @param scope space-separated, or null: unchanged
 * @param idToken null if there was none
 */
public record TokenResponse(
        @Nullable Secret accessToken,
        @Nullable String tokenType,
        @Nullable Duration expiresIn,
        @Nullable Secret refreshToken,
        @Nullable Duration refreshTokenExpiresIn,
        @Nullable String scope,
        @Nullable Secret idToken) {}
