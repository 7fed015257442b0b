package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.RefreshClaims.DueClaim;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The scheduled job: refreshes what is due, registration by registration, as fast as permits and budgets allow. */
@ApplicationScoped
class RefreshJob {

    private static final Logger LOG = Logger.getLogger(RefreshJob.class);
    private static final Duration BUDGET_AGAIN = Duration.ofMillis(50);

    private final ClientRegistrations registrations;
    private final Claiming claiming;
    private final Refreshes refreshes;
    private final RefreshLimits limits;
    private final RefreshConfig config;
    private final Workers workers;
    private final Set<String> claimingNow = ConcurrentHashMap.newKeySet();

    RefreshJob(
            ClientRegistrations registrations,
            Claiming claiming,
            Refreshes refreshes,
            RefreshLimits limits,
            RefreshConfig config,
            Workers workers) {
        this.registrations = registrations;
        this.claiming = claiming;
        this.refreshes = refreshes;
        this.limits = limits;
        this.config = config;
        this.workers = workers;
    }

    @Scheduled(
            identity = "tokenkeep-refresh",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = SwitchedOff.class)
    void tick() {
        registrations.all().forEach(this::refreshDue);
    }

    /** One thread a registration at a time; whoever comes meanwhile is served by the one that is at it, or the next. */
    private void refreshDue(ClientRegistration registration) {
        if (!claimingNow.add(registration.name())) {
            return;
        }
        try {
            ClaimTerms terms = limits.claimTerms(registration);
            DueClaim claim;
            do {
                claim = claiming.due(registration, terms, config.batch());
                start(registration, claim);
            } while (claim.more() && !claim.sessions().isEmpty());
            if (claim.more()) {
                workers.after(wait(terms.budget()), () -> refreshDue(registration));
            }
        } catch (RuntimeException e) {
            LOG.errorf(
                    "Due sessions of registration %s can't be claimed right now: %s",
                    registration.name(), e.getClass().getName());
        } finally {
            claimingNow.remove(registration.name());
        }
    }

    private void start(ClientRegistration registration, DueClaim claim) {
        for (ClaimedSession session : claim.sessions()) {
            refreshes.claimed(session, registration).whenComplete((ending, failure) -> {
                if (failure != null) {
                    LOG.errorf(failure, "A refresh of session %s broke off", session.id());
                }
                if (claim.more()) {
                    workers.execute(() -> refreshDue(registration));
                }
            });
        }
    }

    private static Duration wait(@Nullable Budget budget) {
        return budget == null || budget.spacing().compareTo(BUDGET_AGAIN) < 0 ? BUDGET_AGAIN : budget.spacing();
    }
}
