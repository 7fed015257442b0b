package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Reports the result of a refresh to the application, the log and the metrics, once it is written. */
@Singleton
class RefreshEventPublisher {

    private static final Logger LOG = Logger.getLogger(RefreshEventPublisher.class);

    private final CdiEventPublisher events;
    private final RefreshMetrics metrics;
    private final Ticker ticker;

    RefreshEventPublisher(CdiEventPublisher events, RefreshMetrics metrics, Ticker ticker) {
        this.events = events;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    void stored(ClaimedRefresh refresh, RefreshOutcome stored) {
        RegistrationMeters meters = metrics.of(refresh.registration());
        meters.concluded(stored);
        switch (stored) {
            case STORED, UNPROVEN -> {
                if (refresh.target() == null) {
                    timed(refresh.session(), meters);
                    events.refreshed(refresh.session());
                }
            }
            case QUARANTINED -> {
                LOG.warnf(
                        "Session %s is quarantined: the authorization server returned tokens of another subject",
                        refresh.session().id());
                meters.idTokenChecked(FailureCode.OTHER_SUBJECT);
                meters.quarantined();
                events.ended(refresh.session(), FailureCode.OTHER_SUBJECT);
            }
            case SUPERSEDED, ORPHANED ->
                LOG.infof(
                        "Session %s: refresh result discarded (%s)",
                        refresh.session().id(), stored.label());
            default -> throw new IllegalArgumentException("No outcome of a stored answer: " + stored);
        }
    }

    /**
     * Records how long before or after its expiry an access token was replaced. Ignores sessions that were skipped on
     * purpose.
     */
    private void timed(ClaimedSession claimed, RegistrationMeters meters) {
        Instant expiry = claimed.before().accessTokenExpiresAt();
        if (expiry != null && !claimed.leftAlone()) {
            meters.storedWith(Duration.between(claimed.databaseTime(ticker.nanos()), expiry));
        }
    }

    /** @param news whether this refresh ended the session */
    void ended(ClaimedRefresh refresh, SessionStatus end, String code, boolean news) {
        metrics.of(refresh.registration()).concluded(news ? RefreshOutcome.of(end, code) : RefreshOutcome.SUPERSEDED);
        if (news) {
            LOG.infof("Session %s is %s: %s", refresh.session().id(), end, code);
            events.ended(refresh.session(), code);
        }
    }

    /** Counts a refresh that is tried again later. The session goes on. */
    void postponed(ClientRegistration registration, RefreshOutcome why) {
        metrics.of(registration).concluded(why);
    }
}
