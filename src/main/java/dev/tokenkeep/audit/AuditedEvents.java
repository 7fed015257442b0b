package dev.tokenkeep.audit;

import dev.tokenkeep.SessionEnded;
import dev.tokenkeep.SessionRefreshed;
import dev.tokenkeep.audit.AuditEntry.Decision;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** What changes by itself: tokens that were refreshed, sessions that ended. Who removes one is noted by the call. */
@Singleton
class AuditedEvents {

    private final AuditTrail trail;

    AuditedEvents(AuditTrail trail) {
        this.trail = trail;
    }

    void refreshed(@Observes SessionRefreshed event) {
        trail.note(new AuditEntry(
                null,
                null,
                "refreshed",
                event.registration(),
                event.sessionId(),
                Decision.ALLOWED,
                null,
                null,
                event.version(),
                null));
    }

    void ended(@Observes SessionEnded event) {
        trail.note(new AuditEntry(
                null,
                null,
                "ended",
                event.registration(),
                event.sessionId(),
                Decision.REFUSED,
                event.code(),
                null,
                null,
                null));
    }
}
