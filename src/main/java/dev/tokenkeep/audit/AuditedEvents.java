package dev.tokenkeep.audit;

import dev.tokenkeep.SessionEnded;
import dev.tokenkeep.SessionRefreshed;
import dev.tokenkeep.audit.AuditEntry.About;
import dev.tokenkeep.audit.AuditEntry.Call;
import dev.tokenkeep.audit.AuditEntry.Decision;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Audits what changes without a call: refreshed tokens and ended sessions. The call that removes a session is audited
 * itself.
 */
@Singleton
class AuditedEvents {

    private final AuditTrail trail;

    AuditedEvents(AuditTrail trail) {
        this.trail = trail;
    }

    void refreshed(@Observes SessionRefreshed event) {
        note("refreshed", Decision.ALLOWED, event.registration(), event.sessionId(), event.version(), null);
    }

    void ended(@Observes SessionEnded event) {
        note("ended", Decision.REFUSED, event.registration(), event.sessionId(), null, event.code());
    }

    private void note(
            String operation,
            Decision decision,
            String registration,
            String sessionId,
            @Nullable Long version,
            @Nullable String reason) {
        trail.note(new AuditEntry(
                Call.NONE, operation, new About(registration, sessionId, null, version), decision, reason));
    }
}
