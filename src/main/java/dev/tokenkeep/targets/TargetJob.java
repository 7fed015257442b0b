package dev.tokenkeep.targets;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.UnknownTargetException;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Gets the tokens of targets that are read ahead of time, so that readers do not wait for them. */
@ApplicationScoped
class TargetJob {

    private static final Logger LOG = Logger.getLogger(TargetJob.class);
    /** In one tick. Each is read from the database first. */
    private static final int BATCH = 200;

    private final ReadTargets read;
    private final TargetTokenService tokens;

    TargetJob(ReadTargets read, TargetTokenService tokens) {
        this.read = read;
        this.tokens = tokens;
    }

    @Scheduled(
            identity = "tokenkeep-targets",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        for (ReadTargets.Read due : read.takeDue(BATCH)) {
            try {
                tokens.refreshAhead(due.sessionId(), due.target());
            } catch (SessionNotFoundException | UnknownTargetException e) {
                LOG.debugf("Session %s no longer has target %s", due.sessionId(), due.target());
            } catch (RuntimeException e) {
                DatabaseFailure.log(LOG, e, "Cannot get an access token for target %s ahead of time", due.target());
            }
        }
    }
}
