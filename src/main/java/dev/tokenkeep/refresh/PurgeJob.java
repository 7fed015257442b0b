package dev.tokenkeep.refresh;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.session.Tombstones;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Purges the tombstones of removed sessions once nothing refers to them any more. */
@ApplicationScoped
class PurgeJob {

    private static final Logger LOG = Logger.getLogger(PurgeJob.class);
    private static final int BATCH = 400;

    private final Tombstones tombstones;
    private final RefreshLimits limits;

    PurgeJob(Tombstones tombstones, RefreshLimits limits) {
        this.tombstones = tombstones;
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
}
