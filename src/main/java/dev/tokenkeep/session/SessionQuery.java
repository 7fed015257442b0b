package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list.
 *
 * @param owningCallers only sessions of these callers
 * @param registrations only sessions of these registrations; null for all
 * @param subject only sessions of this subject; null for any
 * @param status only sessions with this status; null for any but {@link SessionStatus#REMOVED}
 * @param limit the maximum number of sessions, at least 1
 * @param after the id of the last session of the previous page; null for the first page
 */
public record SessionQuery(
        Set<String> owningCallers,
        @Nullable RegistrationNames registrations,
        @Nullable String subject,
        @Nullable SessionStatus status,
        int limit,
        @Nullable String after) {}
