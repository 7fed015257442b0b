package dev.tokenkeep.lifecycle;

import dev.tokenkeep.authorizationserver.RevocationEndpoint;
import dev.tokenkeep.authorizationserver.RevocationOutcome;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.Backoff;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.revocation.Revocations;
import dev.tokenkeep.session.revocation.Revocations.Due;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Revokes refresh tokens that are no longer used, with retries. */
@ApplicationScoped
class RevocationJob {

    private static final Logger LOG = Logger.getLogger(RevocationJob.class);
    private static final int BATCH = 20;
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(1);

    private final ClientRegistrations registrations;
    private final Revocations revocations;
    private final RevocationEndpoint endpoint;
    private final RefreshTimeouts timeouts;
    private final Backoff backoff;
    private final Workers workers;
    /** The number of revocations in flight for each registration. */
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

    RevocationJob(
            ClientRegistrations registrations,
            Revocations revocations,
            RevocationEndpoint endpoint,
            RefreshTimeouts timeouts,
            Backoff backoff,
            Workers workers) {
        this.registrations = registrations;
        this.revocations = revocations;
        this.endpoint = endpoint;
        this.timeouts = timeouts;
        this.backoff = backoff;
        this.workers = workers;
    }

    @Scheduled(
            identity = "tokenkeep-revocation",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        try {
            revokeDue();
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot process revocations");
        }
    }

    /**
     * Claims due revocations. Skips registrations that still have some in flight, so an endpoint that hangs does not
     * pile them up.
     */
    private void revokeDue() {
        var free = new HashMap<>(registrations.revocable());
        free.keySet().removeAll(underWay.keySet());
        revocations.claim(free, BATCH, timeouts.lease().plus(RevocationEndpoint.MAX_DURATION)).stream()
                .collect(Collectors.groupingBy(Due::registration))
                .forEach((name, batch) -> registrations.findRevocable(name).ifPresent(it -> revoke(it, batch)));
    }

    private void revoke(ClientRegistration registration, List<Due> batch) {
        underWay.put(registration.name(), batch.size());
        for (Due due : batch) {
            endpoint.revoke(registration, due.refreshToken(), timeouts.hardCap(registration))
                    .thenAcceptAsync(outcome -> settle(due, outcome), workers)
                    .whenComplete((settled, failure) -> underWay.computeIfPresent(
                            registration.name(), (name, left) -> left == 1 ? null : left - 1));
        }
    }

    private void settle(Due due, RevocationOutcome outcome) {
        boolean over =
                outcome.kind() != RevocationOutcome.Kind.RETRY || due.age().compareTo(GIVEN_UP_AFTER) > 0;
        if (!over) {
            revocations.again(
                    due.id(), Objects.requireNonNullElseGet(outcome.retryAfter(), () -> backoff.after(due.attempts())));
            return;
        }
        if (outcome.kind() != RevocationOutcome.Kind.REVOKED) {
            LOG.infof("Gave up revoking a refresh token of registration %s: %s", due.registration(), outcome.code());
        }
        revocations.settle(due.id());
    }
}
