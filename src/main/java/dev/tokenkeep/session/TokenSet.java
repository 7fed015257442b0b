package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tokens to store, with their times as the database's.
 *
 * @param otherSubject whether they are somebody else's: they are kept, and nothing of them served
 * @param notBefore no refresh before; null for no such limit
 */
public record TokenSet(
        RefreshToken refresh,
        AccessToken access,
        @Nullable Secret idToken,
        boolean otherSubject,
        Instant refreshDueAt,
        @Nullable Instant notBefore) {

    /**
     * The new refresh token, or the one that stays good.
     *
     * @param rotated whether it is a new one
     * @param grantExpiresAt when the grant ends whatever is refreshed; null if that is not known
     * @param keepAliveAt when it has to be used lest it dies of disuse; null if it has not to be
     */
    public record RefreshToken(
            Secret token,
            boolean rotated,
            @Nullable Instant expiresAt,
            @Nullable Instant grantExpiresAt,
            @Nullable Instant keepAliveAt) {}

    /**
     * The access token that came, if one can be served.
     *
     * @param token null if none came, or it can't be served
     * @param obtainedAt when its lifetime began
     * @param dated whether its end is one whenever it was issued
     * @param toldLifetime the lifetime that was told last; null if it never was
     * @param objection why the one that came can't be served; null if it can
     * @param scope null only if it was never told
     */
    public record AccessToken(
            @Nullable Secret token,
            @Nullable String type,
            Instant obtainedAt,
            @Nullable Instant expiresAt,
            boolean dated,
            @Nullable Duration toldLifetime,
            @Nullable String objection,
            @Nullable String scope) {}
}
