package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tokens to store, with their times as the database's.
 *
 * @param refreshToken the new one, or the one that stays good
 * @param rotated whether {@code refreshToken} is a new one
 * @param grantExpiresAt when the grant ends whatever is refreshed; null if that is not known
 * @param keepAliveAt when the refresh token has to be used lest it dies of disuse; null if it has not to be
 * @param obtainedAt when the access token's lifetime began
 * @param dated whether the access token's end is one whenever it was issued
 * @param toldLifetime the access tokens' lifetime that was told last; null if it never was
 * @param objection why the access token that came can't be served, and is left out; null if it can
 * @param scope null only if it was never told
 * @param otherSubject whether they are somebody else's: they are kept, and nothing of them served
 * @param notBefore no refresh before; null for no such limit
 */
public record TokenSet(
        Secret refreshToken,
        boolean rotated,
        @Nullable Instant refreshTokenExpiresAt,
        @Nullable Instant grantExpiresAt,
        @Nullable Instant keepAliveAt,
        @Nullable Secret accessToken,
        @Nullable String tokenType,
        Instant obtainedAt,
        @Nullable Instant accessTokenExpiresAt,
        boolean dated,
        @Nullable Duration toldLifetime,
        @Nullable String objection,
        @Nullable String scope,
        @Nullable Secret idToken,
        boolean otherSubject,
        Instant refreshDueAt,
        @Nullable Instant notBefore) {}
