package dev.tokenkeep.refresh;

import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.RefreshOutcome.Refused;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.Pauses;
import dev.tokenkeep.tokenendpoint.RegistrationGuards;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Refusals that are not one session's affair pause the registration and keep every session: a client that is refused, a
 * server that asks to be left alone (CONFORMANCE B6, B8, D).
 */
@ApplicationScoped
class RegistrationFaults {

    private static final Logger LOG = Logger.getLogger(RegistrationFaults.class);

    /** Distinct sessions denied in a row that make it the registration's fault: one user may be denied for himself. */
    private static final int DENIED_IN_A_ROW = 3;

    private static final Set<String> THROTTLED = Set.of("http_429", "too_many_requests", "slow_down", "rate_limited");

    private final Pauses pauses;
    private final RegistrationGuards guards;
    private final RefreshConfig config;
    private final Map<String, Set<String>> denied = new ConcurrentHashMap<>();

    RegistrationFaults(Pauses pauses, RegistrationGuards guards, RefreshConfig config) {
        this.pauses = pauses;
        this.guards = guards;
        this.config = config;
    }

    void succeeded(ClientRegistration registration) {
        denied.remove(registration.name());
    }

    /** The client itself was refused; answers how long the registration is paused. */
    Duration refusedAsClient(ClientRegistration registration, String code) {
        pause(registration, code, config.pause());
        return config.pause();
    }

    /** A refusal that may be more than the session's affair; answers who is in the way of its readers. */
    Reason refused(ClientRegistration registration, String sessionId, Refused outcome, Duration wait) {
        if (outcome.failureClass() == FailureClass.ACCESS_DENIED) {
            Set<String> sessions = denied.computeIfAbsent(registration.name(), name -> ConcurrentHashMap.newKeySet());
            sessions.add(sessionId);
            if (sessions.size() >= DENIED_IN_A_ROW) {
                denied.remove(registration.name());
                refusedAsClient(registration, outcome.code());
                return Reason.REGISTRATION_PAUSED;
            }
        }
        if (outcome.retryAfter() != null || THROTTLED.contains(outcome.code())) {
            pause(registration, outcome.code(), wait);
            return Reason.REGISTRATION_PAUSED;
        }
        return Reason.AUTHORIZATION_SERVER_UNAVAILABLE;
    }

    private void pause(ClientRegistration registration, String code, Duration time) {
        try {
            if (pauses.pause(registration.name(), RefreshLimits.credential(registration), code, time)) {
                LOG.warnf("Registration %s is paused for %s: %s", registration.name(), time, code);
            }
            guards.of(registration).letGo();
        } catch (RuntimeException e) {
            // The sessions' own back-off holds meanwhile, and the next refusal tries again.
            LOG.errorf(
                    "Registration %s should be paused for %s (%s), but the database does not take it: %s",
                    registration.name(), time, code, e.getClass().getName());
        }
    }
}
