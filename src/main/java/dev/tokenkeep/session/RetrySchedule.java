package dev.tokenkeep.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When to try again after an attempt that brought no tokens.
 *
 * @param code the failure to record for the session; null if the failure is not the session's own
 * @param nextAt by the database's clock
 * @param outcomeOpen whether this attempt or an earlier one may have spent the refresh token
 */
public record RetrySchedule(@Nullable String code, Instant nextAt, boolean outcomeOpen) {}
