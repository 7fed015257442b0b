package dev.tokenkeep.operations;

import dev.tokenkeep.authorizationserver.RegistrationGuard.Breaker;
import dev.tokenkeep.operations.RegistrationStatusService.RegistrationState;
import dev.tokenkeep.session.budget.Pauses.Pause;
import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Reports the health of each registration, for people and alerts. An unavailable authorization server must not take the
 * service out of its load balancer, so this check has its own group and is part of no probe.
 */
@HealthGroup("registrations")
@ApplicationScoped
class RegistrationsHealth implements HealthCheck {

    private final RegistrationStatusService registrations;

    RegistrationsHealth(RegistrationStatusService registrations) {
        this.registrations = registrations;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("tokenkeep registrations");
        boolean up = true;
        for (RegistrationState state : registrations.all()) {
            boolean working = state.pause() == null && state.breaker() != Breaker.OPEN && state.trouble() == null;
            up &= working;
            response.withData(state.name(), working ? working(state) : failing(state));
        }
        return response.status(up).build();
    }

    private static String working(RegistrationState state) {
        Integer budget = state.budgetRemaining();
        return budget == null ? "up" : "up, " + budget + " token requests left in its rate limit";
    }

    private static String failing(RegistrationState state) {
        Pause pause = state.pause();
        if (pause != null) {
            return "paused until " + pause.until() + ": " + pause.reason();
        }
        return state.trouble() == null
                ? "its breaker is open"
                : "its authorization server cannot be used: " + state.trouble();
    }
}
