package dev.tokenkeep.operations;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.operations.RegistrationStatusService.RegistrationState;
import dev.tokenkeep.operations.SessionGauges.Seen;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.replica.Replicas;
import dev.tokenkeep.session.budget.Pauses.Pause;
import dev.tokenkeep.session.upkeep.SessionCounts;
import dev.tokenkeep.session.upkeep.SessionCounts.Due;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Reads the metrics of all replicas from the database at intervals, on one replica only. A scrape never reads the
 * database.
 */
@ApplicationScoped
class SessionMetricsJob {

    private static final Logger LOG = Logger.getLogger(SessionMetricsJob.class);

    private final Replicas replicas;
    private final ClientRegistrations registrations;
    private final SessionCounts counts;
    private final StatusCounts statuses;
    private final RegistrationStatusService states;
    private final SessionGauges gauges;

    SessionMetricsJob(
            Replicas replicas,
            ClientRegistrations registrations,
            SessionCounts counts,
            StatusCounts statuses,
            RegistrationStatusService states,
            SessionGauges gauges) {
        this.replicas = replicas;
        this.registrations = registrations;
        this.counts = counts;
        this.statuses = statuses;
        this.states = states;
        this.gauges = gauges;
    }

    @Scheduled(
            identity = "tokenkeep-count",
            every = "{tokenkeep.refresh.count-every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        try {
            if (replicas.first()) {
                gauges.show(seen(), statuses.recent());
            } else {
                gauges.show(List.of(), Map.of());
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot count sessions");
        }
    }

    private List<Seen> seen() {
        Map<String, Due> due = counts.due(registrations.names());
        return states.all().stream()
                .map(state -> seen(state, due.getOrDefault(state.name(), Due.NONE)))
                .toList();
    }

    private static Seen seen(RegistrationState state, Due due) {
        Pause pause = state.pause();
        return new Seen(
                // The customers of a template have one series together.
                RegistrationTemplate.base(state.name()),
                due.sessions(),
                due.age(),
                pause == null ? Duration.ZERO : pause.remaining(),
                state.budgetRemaining());
    }
}
