package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.Revocations;
import dev.tokenkeep.session.Revocations.Due;
import dev.tokenkeep.session.Tombstones;
import dev.tokenkeep.tokenendpoint.RevocationEndpoint;
import dev.tokenkeep.tokenendpoint.RevocationOutcome;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Has let-go refresh tokens revoked, with retries, and purges the tombstones of removed sessions. */
@ApplicationScoped
class RevocationJob {

    private static final Logger LOG = Logger.getLogger(RevocationJob.class);
    private static final int BATCH = 20;
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(1);

    private final ClientRegistrations registrations;
    private final Revocations revocations;
    private final Tombstones tombstones;
    private final RevocationEndpoint endpoint;
    private final RefreshLimits limits;
    private final Backoff backoff;

    RevocationJob(
            ClientRegistrations registrations,
            Revocations revocations,
            Tombstones tombstones,
            RevocationEndpoint endpoint,
            RefreshLimits limits,
            Backoff backoff) {
        this.registrations = registrations;
        this.revocations = revocations;
        this.tombstones = tombstones;
        this.endpoint = endpoint;
        this.limits = limits;
        this.backoff = backoff;
    }

    @Scheduled(
            identity = "tokenkeep-revocation",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = SwitchedOff.class)
    void tick() {
        try {
            registrations.all().forEach(this::revokeDue);
            tombstones.purge(limits.lease(), BATCH * BATCH);
        } catch (RuntimeException e) {
            LOG.errorf("Revocations wait for the database: %s", e.getClass().getName());
        }
    }

    private void revokeDue(ClientRegistration registration) {
        Duration lease = limits.hardCap(registration).plus(limits.lease());
        for (Due due : revocations.claim(registration.name(), lease, BATCH)) {
            endpoint.revoke(registration, due.refreshToken(), limits.hardCap(registration))
                    .thenAccept(outcome -> settle(due, outcome));
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
            LOG.infof("A refresh token of registration %s stays unrevoked: %s", due.registration(), outcome.code());
        }
        revocations.settle(due.id());
    }
}
