package dev.tokenkeep.session.audit;

import org.jspecify.annotations.Nullable;

/** A row of {@code tokenkeep_audit}; the database adds the time. */
public record AuditRow(
        @Nullable String requestId,
        @Nullable String caller,
        String operation,
        About about,
        String decision,
        @Nullable String reason,
        @Nullable Double latencyMillis) {

    /**
     * The session that the row is about.
     *
     * @param session its pseudonym; null if there is none
     */
    public record About(
            @Nullable String registration,
            byte @Nullable [] session,
            @Nullable String keyId,
            @Nullable Long version,
            @Nullable String target) {}
}
