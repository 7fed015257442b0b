package dev.tokenkeep.session.targets;

import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stored access token for a target.
 *
 * @param remaining at {@code readNanos}; zero or negative once it has expired
 * @param lifetime its whole lifetime
 * @param version changes with every access token for this target. It grows, but for an exchange it begins again after new
 *     tokens of the session
 * @param readNanos the ticker's reading just before it was read
 */
public record TargetToken(
        Secret token,
        String type,
        @Nullable String scope,
        Duration remaining,
        Duration lifetime,
        long version,
        long readNanos) {

    /** Returns its remaining lifetime at the ticker's reading {@code nowNanos}. */
    public Duration remaining(long nowNanos) {
        return remaining.minusNanos(nowNanos - readNanos);
    }
}
