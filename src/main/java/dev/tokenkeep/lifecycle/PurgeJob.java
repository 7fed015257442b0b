package dev.tokenkeep.lifecycle;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshLimits;
import dev.tokenkeep.refresh.timing.SwitchedOff;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.store.Revocations;
import dev.tokenkeep.session.store.Tombstones;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/** Purges the tombstones of removed sessions once nothing refers to them any more, and what nobody will revoke. */
@ApplicationScoped
class PurgeJob {

    private static final Logger LOG = Logger.getLogger(PurgeJob.class);
    private static final int BATCH = 400;
    /** Longer than replicas of two configurations run side by side, or than all of them are away. */
    private static final Duration ABANDONED = Duration.ofDays(7);

    private final Tombstones tombstones;
    private final Revocations revocations;
    private final ClientRegistrations registrations;
    private final RefreshLimits limits;

    PurgeJob(Tombstones tombstones, Revocations revocations, ClientRegistrations registrations, RefreshLimits limits) {
        this.tombstones = tombstones;
        this.revocations = revocations;
        this.registrations = registrations;
        this.limits = limits;
    }

    @Scheduled(
            identity = "tokenkeep-purge",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = SwitchedOff.class)
    void tick() {
        try {
            tombstones.purge(limits.lease(), BATCH);
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Removed sessions cannot be purged");
        }
    }

    @Scheduled(
            identity = "tokenkeep-abandoned-revocations",
            every = "1h",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = SwitchedOff.class)
    void giveUpAbandoned() {
        try {
            List<String> abandoned = revocations.giveUp(registrations.names(), ABANDONED, BATCH);
            if (!abandoned.isEmpty()) {
                LOG.infof(
                        "%d refresh tokens stay unrevoked: their registrations have not been configured for a week: %s",
                        abandoned.size(), new TreeSet<>(abandoned));
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Revocations of registrations that are configured no more cannot be given up");
        }
    }
}
