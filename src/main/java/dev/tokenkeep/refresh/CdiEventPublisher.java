package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionEnded;
import dev.tokenkeep.SessionRefreshed;
import dev.tokenkeep.SessionRemoved;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.Session;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Fires CDI events after the commit. An exception of an observer is logged and has no other effect. */
@Singleton
public class CdiEventPublisher {

    private static final Logger LOG = Logger.getLogger(CdiEventPublisher.class);

    private final Event<SessionRefreshed> refreshed;
    private final Event<SessionEnded> ended;
    private final Event<SessionRemoved> removed;

    CdiEventPublisher(Event<SessionRefreshed> refreshed, Event<SessionEnded> ended, Event<SessionRemoved> removed) {
        this.refreshed = refreshed;
        this.ended = ended;
        this.removed = removed;
    }

    void refreshed(ClaimedSession session) {
        fire(
                refreshed,
                new SessionRefreshed(
                        session.id(),
                        session.registration(),
                        session.subject(),
                        session.spent().shownVersion() + 1));
    }

    void ended(ClaimedSession session, String code) {
        fire(ended, new SessionEnded(session.id(), session.registration(), session.subject(), code));
    }

    public void removed(Session session) {
        fire(
                removed,
                new SessionRemoved(
                        session.id(), session.registration(), session.owner().subject()));
    }

    private static <T> void fire(Event<T> event, T payload) {
        try {
            event.fire(payload);
        } catch (RuntimeException e) {
            LOG.errorf(e, "An observer of %s failed", payload.getClass().getSimpleName());
        }
    }
}
