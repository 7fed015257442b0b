package dev.tokenkeep.lifecycle;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.store.SessionRenaming;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Gives the sessions of a renamed registration their new name. It goes on as long as the former name is configured: until
 * all replicas are updated, those of the version before register new sessions under it.
 */
@Singleton
class FormerNamesJob {

    private static final Logger LOG = Logger.getLogger(FormerNamesJob.class);
    private static final int BATCH = 100;

    private final ClientRegistrations registrations;
    private final SessionRenaming sessions;

    FormerNamesJob(ClientRegistrations registrations, SessionRenaming sessions) {
        this.registrations = registrations;
        this.sessions = sessions;
    }

    @Scheduled(
            identity = "tokenkeep-former-names",
            every = "2s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        registrations.formerNames().forEach((former, name) -> {
            try {
                rename(former, name);
            } catch (RuntimeException e) {
                DatabaseFailure.log(LOG, e, "Cannot give the sessions of registration %s to %s", former, name);
            }
        });
    }

    private void rename(String former, String name) {
        int all = 0;
        int some;
        do {
            some = sessions.rename(former, name, BATCH);
            all += some;
        } while (some > 0);
        if (all > 0) {
            LOG.infof("Registration %s is %s now: %d sessions were given to it", former, name, all);
        }
    }
}
