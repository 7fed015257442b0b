package dev.tokenkeep.signin;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.signin.store.AuthorizationPurge;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Ends sign-ins that nobody completed, and deletes those that ended a day ago. */
@ApplicationScoped
class SignInPurgeJob {

    private static final Logger LOG = Logger.getLogger(SignInPurgeJob.class);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int BATCH = 1_000;

    private final AuthorizationPurge purge;

    SignInPurgeJob(AuthorizationPurge purge) {
        this.purge = purge;
    }

    @Scheduled(
            identity = "tokenkeep-sign-ins",
            every = "1m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        try {
            while (purge.purge(KEPT, BATCH) >= BATCH) {
                // A batch is full, so there may be more.
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot purge sign-ins");
        }
    }
}
