package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A session at one moment, with its access token decrypted. Outside the database a token has a remaining lifetime,
 * which is counted by the process's monotonic clock.
 *
 * @param readNanos the ticker's reading just before the row was read
 */
public record SessionSnapshot(Session session, AccessToken access, Attempt attempt, long readNanos) {

    /**
     * The session's access token.
     *
     * @param token null if there is none to serve
     * @param dpopKey what it is bound to; null for nothing
     * @param remaining at {@code readNanos}; zero or negative once it has expired, zero without a token
     * @param lifetime its whole lifetime; zero without a token
     */
    public record AccessToken(
            @Nullable Secret token,
            @Nullable String type,
            @Nullable Secret dpopKey,
            Duration remaining,
            Duration lifetime) {}

    /**
     * The running attempt, or the last one.
     *
     * @param leaseRemaining zero or negative if no attempt is running
     * @param backOffRemaining the time until the next attempt may start; zero or negative if it may start now
     * @param outcomeOpen whether an attempt with an unknown outcome may have spent the refresh token
     * @param refreshTokenVersion the version of the refresh token that an attempt spends
     * @param grantedVersion the version at which a caller or a sign-in last brought tokens
     * @param traceparent the attempt's span; null if it has none
     */
    public record Attempt(
            Duration leaseRemaining,
            Duration backOffRemaining,
            boolean outcomeOpen,
            long refreshTokenVersion,
            long grantedVersion,
            @Nullable String traceparent) {}

    /** Returns whether the session is refreshed. If not, there will be no access token after the present one. */
    public boolean isRefreshed() {
        return session.status() == SessionStatus.ACTIVE && session.tokens().grant() != GrantType.NONE;
    }

    /** Returns the access token's remaining lifetime at the ticker's reading {@code nowNanos}. */
    public Duration remaining(long nowNanos) {
        return access.remaining().minusNanos(nowNanos - readNanos);
    }
}
