package dev.tokenkeep.refresh.scheduling;

import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.ClaimedRefresh;
import dev.tokenkeep.refresh.RefreshClaimer;
import dev.tokenkeep.refresh.timing.RefreshConfig;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.budget.DueRegistrations;
import dev.tokenkeep.session.store.RefreshClaims.DueClaim;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The scheduled job: refreshes what is due, as fast as permits and budgets allow. Asks once for all registrations what is due,
 * and claims for many of them at once.
 */
@ApplicationScoped
class RefreshJob {

    private static final Logger LOG = Logger.getLogger(RefreshJob.class);
    private static final Duration BUDGET_AGAIN = Duration.ofMillis(50);
    /** Registrations in one claim. */
    private static final int TOGETHER = 50;

    private final ClientRegistrations registrations;
    private final DueRegistrations due;
    private final RefreshClaimer claimer;
    private final RefreshCoordinator coordinator;
    private final RefreshConfig config;
    private final Workers workers;
    private final Set<String> claimingNow = ConcurrentHashMap.newKeySet();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    RefreshJob(
            ClientRegistrations registrations,
            DueRegistrations due,
            RefreshClaimer claimer,
            RefreshCoordinator coordinator,
            RefreshConfig config,
            Workers workers) {
        this.registrations = registrations;
        this.due = due;
        this.claimer = claimer;
        this.coordinator = coordinator;
        this.config = config;
        this.workers = workers;
    }

    @Scheduled(
            identity = "tokenkeep-refresh",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        try {
            List<ClientRegistration> found = new ArrayList<>(due.among(registrations.names()).stream()
                    .flatMap(name -> registrations.find(name).stream())
                    .toList());
            // In another order each time, so that what comes late in one look does not in the next.
            Collections.shuffle(found);
            // Without room, for a database that takes nothing, this look ends, and the next one asks anew what is due.
            for (int from = 0; from < found.size() && claimer.awaitRoom(); from += TOGETHER) {
                refreshDue(found.subList(from, Math.min(found.size(), from + TOGETHER)));
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot look for due sessions");
        }
    }

    /** One thread a registration at a time; whoever comes meanwhile is served by the one that is at it, or the next. */
    private void refreshDue(List<ClientRegistration> all) {
        List<ClientRegistration> free = all.stream()
                .filter(registration -> claimingNow.add(registration.name()))
                .toList();
        try {
            List<ClientRegistration> next = free;
            while (!next.isEmpty()) {
                next = claim(next);
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot claim due sessions of %d registrations", free.size());
        } finally {
            free.forEach(registration -> claimingNow.remove(registration.name()));
        }
    }

    /** Those to claim for again: that have more due sessions, and of which some were claimed just now; all, if it was cut off. */
    private List<ClientRegistration> claim(List<ClientRegistration> all) {
        DueClaim claim = claimer.due(all, config.batch());
        start(claim);
        if (claim.cutOff()) {
            return all;
        }
        Set<String> claimed =
                claim.sessions().stream().map(ClaimedSession::registration).collect(Collectors.toSet());
        List<ClientRegistration> next = new ArrayList<>();
        for (ClientRegistration registration : all) {
            if (claim.more().contains(registration.name())) {
                if (claimed.contains(registration.name())) {
                    next.add(registration);
                } else {
                    refreshLater(registration);
                }
            }
        }
        return next;
    }

    /** Once the budget may allow it; whoever waits for it already waits for all. */
    private void refreshLater(ClientRegistration registration) {
        if (waiting.add(registration.name())) {
            workers.after(wait(registration), () -> {
                waiting.remove(registration.name());
                refreshDue(List.of(registration));
            });
        }
    }

    private void start(DueClaim claim) {
        for (ClaimedSession session : claim.sessions()) {
            ClientRegistration registration =
                    registrations.find(session.registration()).orElseThrow();
            coordinator.claimed(new ClaimedRefresh(session, registration)).whenComplete((ending, failure) -> {
                if (failure != null) {
                    LOG.errorf(failure, "The refresh of session %s failed unexpectedly", session.id());
                }
                if (claim.more().contains(registration.name())) {
                    workers.execute(() -> refreshDue(List.of(registration)));
                }
            });
        }
    }

    private static Duration wait(ClientRegistration registration) {
        Budget budget = RefreshTimeouts.budget(registration.limits().rateLimit());
        return budget == null || budget.spacing().compareTo(BUDGET_AGAIN) < 0 ? BUDGET_AGAIN : budget.spacing();
    }
}
