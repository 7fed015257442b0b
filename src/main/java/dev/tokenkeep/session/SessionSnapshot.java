package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A session at one moment, its tokens open. Out of the database a token travels with its remaining lifetime and ages by
 * the process's monotonic clock.
 *
 * @param readNanos the ticker's reading just before the row was read
 */
public record SessionSnapshot(Session session, AccessToken access, Attempt attempt, long readNanos) {

    /**
     * Its access token.
     *
     * @param token null if there is none to serve
     * @param remaining at {@code readNanos}; zero or negative once it has expired, zero without one
     * @param lifetime the whole of it; zero without a token
     */
    public record AccessToken(
            @Nullable Secret token, @Nullable String type, Duration remaining, Duration lifetime) {}

    /**
     * The attempt under way, or the last one.
     *
     * @param leaseRemaining zero or negative without one under way
     * @param backOffRemaining until another attempt may be made; zero or negative if it may be made now
     * @param outcomeOpen whether the refresh token may have been spent by an attempt whose outcome is not known
     * @param traceparent its span, if it has one
     */
    public record Attempt(
            Duration leaseRemaining,
            Duration backOffRemaining,
            boolean outcomeOpen,
            @Nullable String traceparent) {}

    /** Whether it is refreshed: of another one, what is left of its access token is all that there will be. */
    public boolean isRefreshed() {
        return session.status() == SessionStatus.ACTIVE;
    }

    /** What is left of the access token at the ticker's reading {@code nowNanos}. */
    public Duration remaining(long nowNanos) {
        return access.remaining().minusNanos(nowNanos - readNanos);
    }
}
