package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.SessionGauges.Seen;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.Pauses;
import dev.tokenkeep.session.Pauses.Pause;
import dev.tokenkeep.session.Replicas;
import dev.tokenkeep.session.SessionCounts;
import dev.tokenkeep.session.SessionCounts.Due;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** One replica asks the database, now and then, what the metrics tell of all of them: no scrape does. */
@ApplicationScoped
class CountingJob {

    private static final Logger LOG = Logger.getLogger(CountingJob.class);

    private final Replicas replicas;
    private final ClientRegistrations registrations;
    private final SessionCounts counts;
    private final StatusCounts statuses;
    private final Pauses pauses;
    private final SessionGauges gauges;

    CountingJob(
            Replicas replicas,
            ClientRegistrations registrations,
            SessionCounts counts,
            StatusCounts statuses,
            Pauses pauses,
            SessionGauges gauges) {
        this.replicas = replicas;
        this.registrations = registrations;
        this.counts = counts;
        this.statuses = statuses;
        this.pauses = pauses;
        this.gauges = gauges;
    }

    @Scheduled(
            identity = "tokenkeep-count",
            every = "{tokenkeep.refresh.count-every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    void tick() {
        try {
            if (replicas.first()) {
                gauges.show(registrations.all().stream().map(this::seen).toList(), statuses.recent());
            } else {
                gauges.show(List.of(), Map.of());
            }
        } catch (RuntimeException e) {
            LOG.errorf("Sessions can't be counted right now: %s", e.getClass().getName());
        }
    }

    private Seen seen(ClientRegistration registration) {
        String name = registration.name();
        Due due = counts.due(name);
        Secret credential = RefreshLimits.credential(registration);
        Duration pause = pauses.holding(name, credential).map(Pause::remaining).orElse(Duration.ZERO);
        Budget budget = RefreshLimits.budget(registration.rateLimit());
        return new Seen(
                name, due.sessions(), due.age(), pause, budget == null ? null : pauses.budgetRemaining(name, budget));
    }
}
