package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tokens to store. All times are by the database's clock.
 *
 * @param otherSubject whether they belong to another subject; then they are stored, but not served
 * @param notBefore no refresh before this time; null for no such limit
 */
public record TokenSet(
        RefreshToken refresh,
        AccessToken access,
        @Nullable Secret idToken,
        boolean otherSubject,
        Instant refreshDueAt,
        @Nullable Instant notBefore) {

    /**
     * The new refresh token, or the old one if it stays valid, or what else the session is renewed with.
     *
     * @param grant says which
     * @param token the credential of a {@link Renewal}
     * @param dpopKey what the tokens are bound to; null for nothing
     * @param rotated whether it is a new one
     * @param grantExpiresAt when the grant ends, no matter how often it is refreshed; null if unknown
     * @param keepAliveAt when it has to be used so that it does not expire from inactivity; null if this is not needed
     */
    public record RefreshToken(
            GrantType grant,
            Secret token,
            @Nullable Secret dpopKey,
            boolean rotated,
            @Nullable Instant expiresAt,
            @Nullable Instant grantExpiresAt,
            @Nullable Instant keepAliveAt) {}

    /**
     * The received access token, if it can be served.
     *
     * @param token null if none came, or if it cannot be served
     * @param obtainedAt when its lifetime began
     * @param dated whether its end is a known point in time, no matter when it was issued
     * @param toldLifetime the lifetime that the authorization server last stated; null if it never stated one
     * @param objection why the received access token cannot be served; null if it can
     * @param scope null only if the authorization server never stated one
     */
    public record AccessToken(
            @Nullable Secret token,
            @Nullable String type,
            Instant obtainedAt,
            @Nullable Instant expiresAt,
            boolean dated,
            @Nullable Duration toldLifetime,
            @Nullable String objection,
            @Nullable String scope) {

        /** The lifetime of one that has none: it is served until the session is removed. */
        public static final Duration UNENDING = Duration.ofDays(365 * 100L);

        /** Every read compares with it. */
        private static final Duration HALF_UNENDING = UNENDING.dividedBy(2);

        /** Returns a lifetime that can be counted in nanoseconds. */
        public static Duration atMostUnending(Duration told) {
            return told.compareTo(UNENDING) > 0 ? UNENDING : told;
        }

        /** Returns whether this remaining lifetime is of one that has none. */
        public static boolean isUnending(Duration remaining) {
            return remaining.compareTo(HALF_UNENDING) > 0;
        }
    }
}
