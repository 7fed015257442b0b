package dev.tokenkeep.session.store;

import org.jspecify.annotations.Nullable;

/** A row of {@code tokenkeep_audit}; the database adds the time. */
public record AuditRow(
        @Nullable String requestId,
        @Nullable String caller,
        String operation,
        @Nullable String registration,
        byte @Nullable [] session,
        String decision,
        @Nullable String reason,
        @Nullable String keyId,
        @Nullable Long version,
        @Nullable Double latencyMillis) {}
