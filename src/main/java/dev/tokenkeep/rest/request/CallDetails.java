package dev.tokenkeep.rest.request;

import dev.tokenkeep.audit.AuditEntry;
import dev.tokenkeep.audit.AuditEntry.Decision;
import dev.tokenkeep.audit.AuditEntry.PresentedUser;
import dev.tokenkeep.session.Session;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The details of a call for the audit.
 *
 * @param session the session that the call is about; null if there is none or it is not this caller's
 * @param registration the registration that the call is about; null if it is about a session or about none
 * @param user whose JWT the caller presented; null if it presented none
 */
public record CallDetails(
        String requestId,
        @Nullable String caller,
        @Nullable Session session,
        @Nullable String registration,
        @Nullable PresentedUser user,
        long startNanos) {

    /** The details of a call for which no user's JWT was presented. */
    public CallDetails(
            String requestId,
            @Nullable String caller,
            @Nullable Session session,
            @Nullable String registration,
            long startNanos) {
        this(requestId, caller, session, registration, null, startNanos);
    }

    public AuditEntry entry(String operation, int status, @Nullable String reason, long nowNanos) {
        return entry(
                operation,
                status,
                reason,
                session == null ? null : Long.valueOf(session.tokens().version()),
                null,
                nowNanos);
    }

    /** @param version the token's version; a refresh may have raised it since the session was read */
    public AuditEntry handedOut(String operation, long version, long nowNanos) {
        return handedOut(operation, null, version, nowNanos);
    }

    /** @param target whose token it is; null for the session's own */
    public AuditEntry handedOut(String operation, @Nullable String target, long version, long nowNanos) {
        return entry(operation, 200, null, Long.valueOf(version), target, nowNanos);
    }

    private AuditEntry entry(
            String operation,
            int status,
            @Nullable String reason,
            @Nullable Long version,
            @Nullable String target,
            long nowNanos) {
        return new AuditEntry(
                new AuditEntry.Call(requestId, caller, Duration.ofNanos(nowNanos - startNanos), user),
                operation,
                session == null
                        ? new AuditEntry.About(registration, null, null, version, target)
                        : new AuditEntry.About(
                                session.registration(),
                                session.id(),
                                session.tokens().keyId(),
                                version,
                                target),
                Decision.of(status),
                reason);
    }
}
