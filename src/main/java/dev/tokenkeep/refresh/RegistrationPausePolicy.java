package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.refresh.timing.RefreshConfig;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.budget.Pauses;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Pauses a registration when the authorization server refuses the client or asks to be left alone (CONFORMANCE B6, B8,
 * D). All sessions are kept. It takes several refused sessions in a row, none of which had failed before: a session
 * that is refused alone, whatever the code, only backs off. After that, any single refusal is enough until the first
 * success.
 */
@ApplicationScoped
class RegistrationPausePolicy {

    private static final Logger LOG = Logger.getLogger(RegistrationPausePolicy.class);

    private final Pauses pauses;
    private final RegistrationGuards guards;
    private final RefreshConfig config;

    RegistrationPausePolicy(Pauses pauses, RegistrationGuards guards, RefreshConfig config) {
        this.pauses = pauses;
        this.guards = guards;
        this.config = config;
    }

    /**
     * Returns how long the registration is paused for this refusal; null if only the session backs off.
     *
     * @param wait the back-off of the session
     */
    @Nullable
    Duration pausedBy(ClaimedRefresh refresh, Refused outcome, Duration wait) {
        ClientRegistration registration = refresh.registration();
        RegistrationGuard guard = guards.of(registration);
        boolean client = outcome.failureClass() == FailureClass.REGISTRATION_WRONG
                || outcome.failureClass() == FailureClass.ACCESS_DENIED;
        if (!(client || outcome.isThrottled())) {
            return null;
        }
        if (!guard.isRefused()) {
            if (client && !refresh.session().failedBefore()) {
                LOG.warnf(
                        "Registration %s: the authorization server refused session %s with %s. If it refuses others too, the"
                                + " registration is paused",
                        registration.name(), refresh.session().id(), outcome.code());
            }
            return null;
        }
        Duration time = client ? config.pause() : wait;
        pause(registration, outcome.code(), time);
        return time;
    }

    private void pause(ClientRegistration registration, String code, Duration time) {
        try {
            if (pauses.pause(registration.name(), registration.client().credential(), code, time)) {
                LOG.warnf("Registration %s is paused for %s: %s", registration.name(), time, code);
            }
            guards.of(registration).resume();
        } catch (RuntimeException e) {
            // Meanwhile the sessions back off, and the next refusal tries again.
            DatabaseFailure.log(LOG, e, "Cannot pause registration %s for %s (%s)", registration.name(), time, code);
        }
    }
}
