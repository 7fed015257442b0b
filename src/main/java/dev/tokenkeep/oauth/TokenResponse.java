package dev.tokenkeep.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stored part of a successful token response (RFC 6749 §5.1).
 *
 * @param accessToken null if a caller registers a session without one, or if its type is not supported
 * @param tokenType as the authorization server wrote it; null if it is missing or the type is not supported
 * @param expiry of the access token
 * @param refreshToken null if the authorization server issued no new one; the old one stays valid (RFC 6749 §6)
 * @param refreshTokenExpiresIn the refresh token's lifetime; null if it is missing or unlimited
 * @param scope space-separated; null if it is unchanged
 * @param idToken null if there was none
 * @param resources the addresses that the access token is for; empty if the authorization server does not tell them
 */
public record TokenResponse(
        @Nullable Secret accessToken,
        @Nullable String tokenType,
        AccessTokenExpiry expiry,
        @Nullable Secret refreshToken,
        @Nullable Duration refreshTokenExpiresIn,
        @Nullable String scope,
        @Nullable Secret idToken,
        Set<String> resources) {

    /** The type of an access token whose type was left out. */
    public static final String BEARER = "Bearer";

    /** A response that does not tell what its access token is for. */
    public TokenResponse(
            @Nullable Secret accessToken,
            @Nullable String tokenType,
            AccessTokenExpiry expiry,
            @Nullable Secret refreshToken,
            @Nullable Duration refreshTokenExpiresIn,
            @Nullable String scope,
            @Nullable Secret idToken) {
        this(accessToken, tokenType, expiry, refreshToken, refreshTokenExpiresIn, scope, idToken, Set.of());
    }

    /** No tokens yet. */
    public static final TokenResponse NONE =
            new TokenResponse(null, null, AccessTokenExpiry.UNTOLD, null, null, null, null);

    /** Returns whether the access token is only good with the proof of a key (RFC 9449 §5). */
    public boolean isBound() {
        return isBound(tokenType);
    }

    /** Returns whether an access token of this type is. */
    public static boolean isBound(@Nullable String tokenType) {
        return "dpop".equalsIgnoreCase(tokenType);
    }

    public TokenResponse withoutAccessToken() {
        return new TokenResponse(null, null, expiry, refreshToken, refreshTokenExpiresIn, scope, idToken);
    }

    /** Returns the same with the scope that was asked for, if the response has none (RFC 6749 §5.1). */
    public TokenResponse withDefaultScope(@Nullable String asked) {
        return scope != null
                ? this
                : new TokenResponse(
                        accessToken, tokenType, expiry, refreshToken, refreshTokenExpiresIn, asked, idToken, resources);
    }

    TokenResponse writtenAt(@Nullable Instant date) {
        return new TokenResponse(
                accessToken,
                tokenType,
                expiry.writtenAt(date),
                refreshToken,
                refreshTokenExpiresIn,
                scope,
                idToken,
                resources);
    }
}
