package dev.tokenkeep.database;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Reports ready if the database was up at the guard's last check. The probe itself does not query the database. */
@Readiness
@ApplicationScoped
class DatabaseReadiness implements HealthCheck {

    private final DatabaseGuard guard;

    DatabaseReadiness(DatabaseGuard guard) {
        this.guard = guard;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("tokenkeep database")
                .withData("state", guard.state().label());
        if (!guard.isUp()) {
            response.withData("for", guard.since().toSeconds() + " s");
        }
        return response.status(guard.isUp()).build();
    }
}
