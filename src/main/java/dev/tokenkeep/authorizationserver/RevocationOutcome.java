package dev.tokenkeep.authorizationserver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a revocation request (RFC 7009) ended.
 *
 * @param code a short stable name for the log
 * @param retryAfter only for {@link Kind#RETRY}, and only if the server asked for it
 */
public record RevocationOutcome(
        Kind kind, String code, @Nullable Duration retryAfter) {

    /** What to do about it. */
    public enum Kind {
        /** The token is gone (200, whether or not it was known). */
        REVOKED,
        /** The token still exists; try again. */
        RETRY,
        /** The token cannot be revoked here, and another try will not change that. */
        GIVEN_UP
    }
}
