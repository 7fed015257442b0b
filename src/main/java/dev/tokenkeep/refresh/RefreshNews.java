package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.store.RefreshResults.Stored;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Tells the application, the log and the metrics what became of a refresh, once it is written. */
@Singleton
class RefreshNews {

    private static final Logger LOG = Logger.getLogger(RefreshNews.class);

    private final SessionEvents events;
    private final RefreshMetrics metrics;
    private final Ticker ticker;

    RefreshNews(SessionEvents events, RefreshMetrics metrics, Ticker ticker) {
        this.events = events;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    void stored(ClaimedSession claimed, ClientRegistration registration, Stored stored) {
        RegistrationMeters meters = metrics.of(registration);
        meters.concluded(Conclusion.of(stored));
        switch (stored) {
            case STORED, UNPROVEN -> {
                timed(claimed, meters);
                events.refreshed(claimed);
            }
            case QUARANTINED -> {
                LOG.warnf("Session %s is quarantined: the answer is another subject's", claimed.id());
                meters.idTokenChecked(FailureCode.OTHER_SUBJECT);
                meters.quarantined();
                events.ended(claimed, FailureCode.OTHER_SUBJECT);
            }
            case SUPERSEDED, ORPHANED -> LOG.infof("A refresh of session %s ended %s", claimed.id(), stored);
        }
    }

    /** How long before its expiry, or after it, an access token was replaced; not of those that were left alone on purpose. */
    private void timed(ClaimedSession claimed, RegistrationMeters meters) {
        Instant expiry = claimed.accessTokenExpiresAt();
        if (expiry != null && !claimed.leftAlone()) {
            meters.storedWith(Duration.between(claimed.databaseTime(ticker.nanos()), expiry));
        }
    }

    /** @param news whether this refresh ended the session */
    void ended(ClaimedSession claimed, ClientRegistration registration, SessionStatus end, String code, boolean news) {
        metrics.of(registration).concluded(news ? Conclusion.of(end) : Conclusion.SUPERSEDED);
        if (news) {
            LOG.infof("Session %s is %s: %s", claimed.id(), end, code);
            events.ended(claimed, code);
        }
    }

    /** The session goes on, and is tried again later. */
    void postponed(ClientRegistration registration, Conclusion why) {
        metrics.of(registration).concluded(why);
    }
}
