package dev.tokenkeep.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When to try again after an attempt that brought no tokens.
 *
 * @param code the failure to record for the session; null if the failure is not the session's own
 * @param nextAt no attempt before, by the database's clock
 * @param dueAt when the job tries again, by the database's clock
 * @param outcomeOpen whether this attempt or an earlier one may have spent the refresh token
 */
public record RetrySchedule(@Nullable String code, Instant nextAt, Instant dueAt, boolean outcomeOpen) {

    /** The job tries again as soon as it may. */
    public RetrySchedule(@Nullable String code, Instant nextAt, boolean outcomeOpen) {
        this(code, nextAt, nextAt, outcomeOpen);
    }
}
