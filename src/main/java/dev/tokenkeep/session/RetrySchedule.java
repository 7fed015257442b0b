package dev.tokenkeep.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an attempt that brought no tokens is followed by another.
 *
 * @param code what to note as the session's failure; null if it is none of the session's
 * @param nextAt by the database's clock
 * @param outcomeOpen whether the refresh token may have been spent (by this attempt or one before it)
 */
public record RetrySchedule(@Nullable String code, Instant nextAt, boolean outcomeOpen) {}
