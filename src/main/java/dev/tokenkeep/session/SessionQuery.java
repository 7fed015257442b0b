package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list.
 *
 * @param owningCallers only these callers'
 * @param registrations only of these; null for all
 * @param subject only of this subject; null for any
 * @param status only in this one; null for any but {@link SessionStatus#REMOVED}
 * @param limit at most this many, at least 1
 * @param after the id of the last session of the page before; null for the first page
 */
public record SessionQuery(
        Set<String> owningCallers,
        @Nullable Set<String> registrations,
        @Nullable String subject,
        @Nullable SessionStatus status,
        int limit,
        @Nullable String after) {}
