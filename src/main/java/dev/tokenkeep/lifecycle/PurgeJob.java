package dev.tokenkeep.lifecycle;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.revocation.Revocations;
import dev.tokenkeep.session.upkeep.RemovedSessions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Deletes the tombstones of removed sessions once nothing refers to them any more, and revocations that no replica will
 * process.
 */
@ApplicationScoped
class PurgeJob {

    private static final Logger LOG = Logger.getLogger(PurgeJob.class);
    private static final int BATCH = 400;
    /** Longer than replicas with two configurations run side by side, and longer than all of them are down. */
    private static final Duration ABANDONED = Duration.ofDays(7);

    private final RemovedSessions removed;
    private final Revocations revocations;
    private final ClientRegistrations registrations;
    private final RefreshTimeouts timeouts;

    PurgeJob(
            RemovedSessions removed,
            Revocations revocations,
            ClientRegistrations registrations,
            RefreshTimeouts timeouts) {
        this.removed = removed;
        this.revocations = revocations;
        this.registrations = registrations;
        this.timeouts = timeouts;
    }

    @Scheduled(
            identity = "tokenkeep-purge",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        try {
            removed.purge(timeouts.lease(), BATCH);
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot purge removed sessions");
        }
    }

    @Scheduled(
            identity = "tokenkeep-abandoned-revocations",
            every = "1h",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void giveUpAbandoned() {
        try {
            Set<String> known = new HashSet<>(registrations.names());
            known.addAll(registrations.ending());
            List<String> abandoned = revocations.giveUp(known, ABANDONED, BATCH);
            if (!abandoned.isEmpty()) {
                LOG.infof(
                        "Gave up revoking %d refresh tokens: their registrations have not been configured for a week: %s",
                        abandoned.size(), new TreeSet<>(abandoned));
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot give up revocations of registrations that are no longer configured");
        }
    }
}
