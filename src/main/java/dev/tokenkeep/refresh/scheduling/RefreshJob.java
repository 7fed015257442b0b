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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The refresh job: refreshes due sessions as fast as permits and budgets allow. Asks once which registrations have due
 * sessions, and claims for many registrations at once.
 */
@ApplicationScoped
class RefreshJob {

    private static final Logger LOG = Logger.getLogger(RefreshJob.class);
    private static final Duration BUDGET_RETRY_DELAY = Duration.ofMillis(50);
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
            // Shuffled, so that the same registrations do not come last at every tick.
            Collections.shuffle(found);
            // Without room, because the database stores too slowly or not at all, this tick ends. The next one asks
            // again what is due.
            for (int from = 0; from < found.size() && claimer.awaitRoom(); from += TOGETHER) {
                refreshDue(found.subList(from, Math.min(found.size(), from + TOGETHER)));
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot look for due sessions");
        }
    }

    /**
     * Claims until nothing more can be claimed. One thread at a time works on a registration. A thread that finds a
     * registration taken skips it: the other thread or the next tick takes its sessions.
     */
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

    /**
     * Claims once and starts the refreshes. Returns the registrations to claim for again: those that have more due
     * sessions and had some claimed just now; all of them if the claim was cut off.
     */
    private List<ClientRegistration> claim(List<ClientRegistration> all) {
        DueClaim claim = claimer.due(all, config.batch());
        start(claim, all.stream().collect(Collectors.toMap(ClientRegistration::name, Function.identity())));
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

    /**
     * Tries again when the rate budget may allow it. A registration that already waits is not scheduled a second time.
     */
    private void refreshLater(ClientRegistration registration) {
        if (waiting.add(registration.name())) {
            workers.after(wait(registration), () -> {
                waiting.remove(registration.name());
                // By now it may have other settings.
                registrations.find(registration.name()).ifPresent(now -> refreshDue(List.of(now)));
            });
        }
    }

    /** @param claimedFor by name; by now a registration may have been removed */
    private void start(DueClaim claim, Map<String, ClientRegistration> claimedFor) {
        for (ClaimedSession session : claim.sessions()) {
            ClientRegistration registration = Objects.requireNonNull(claimedFor.get(session.registration()));
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
        return budget == null || budget.spacing().compareTo(BUDGET_RETRY_DELAY) < 0
                ? BUDGET_RETRY_DELAY
                : budget.spacing();
    }
}
