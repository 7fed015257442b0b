package dev.tokenkeep.rest;

import dev.tokenkeep.audit.AuditEntry;
import dev.tokenkeep.audit.AuditEntry.Decision;
import dev.tokenkeep.session.Session;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call when it is audited.
 *
 * @param session the one it is about; null for none, or none of this caller's
 */
record AuditedCall(
        String requestId, @Nullable String caller, @Nullable Session session, long startNanos) {

    AuditEntry entry(String operation, int status, @Nullable String reason, long nowNanos) {
        return new AuditEntry(
                requestId,
                caller,
                operation,
                session == null ? null : session.registration(),
                session == null ? null : session.id(),
                Decision.of(status),
                reason,
                session == null ? null : session.keyId(),
                session == null ? null : Long.valueOf(session.version()),
                Duration.ofNanos(nowNanos - startNanos));
    }

    /** @param version of the token, which a refresh may have moved on since the session was looked up */
    AuditEntry handedOut(String operation, long version, long nowNanos) {
        AuditEntry entry = entry(operation, 200, null, nowNanos);
        return new AuditEntry(
                entry.requestId(),
                entry.caller(),
                operation,
                entry.registration(),
                entry.sessionId(),
                Decision.ALLOWED,
                null,
                entry.keyId(),
                version,
                entry.latency());
    }
}
