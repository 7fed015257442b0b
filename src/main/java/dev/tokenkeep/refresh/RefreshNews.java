package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.RefreshResults.Stored;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells the application, the log and the metrics what became of an answer. */
@Singleton
class RefreshNews {

    private static final Logger LOG = Logger.getLogger(RefreshNews.class);

    private final SessionEvents events;
    private final RefreshMetrics metrics;

    RefreshNews(SessionEvents events, RefreshMetrics metrics) {
        this.events = events;
        this.metrics = metrics;
    }

    void stored(ClaimedSession claimed, ClientRegistration registration, Stored stored) {
        switch (stored) {
            case STORED, UNPROVEN -> events.refreshed(claimed);
            case QUARANTINED -> {
                LOG.warnf("Session %s is quarantined: the answer is another subject's", claimed.id());
                metrics.idTokenChecked(registration, ClaimedSession.OTHER_SUBJECT);
                metrics.quarantined(registration);
                events.ended(claimed, ClaimedSession.OTHER_SUBJECT);
            }
            case SUPERSEDED, ORPHANED -> LOG.infof("A refresh of session %s ended %s", claimed.id(), stored);
        }
    }
}
