package dev.tokenkeep.lifecycle;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.added.RegistrationChanges;
import dev.tokenkeep.session.revocation.Revocations;
import dev.tokenkeep.session.upkeep.SessionsOfRegistration;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Removes the sessions of registrations that were removed with their sessions. The settings are deleted, and the name is
 * free, once nothing is left to revoke. Does nothing while there is no such registration.
 */
@ApplicationScoped
class EndingRegistrations {

    private static final Logger LOG = Logger.getLogger(EndingRegistrations.class);
    /** In one tick, so that one registration does not delay the others. */
    private static final int SESSIONS = 500;

    private final ClientRegistrations registrations;
    private final RegistrationChanges changes;
    private final SessionsOfRegistration all;
    private final SessionService sessions;
    private final Revocations revocations;

    EndingRegistrations(
            ClientRegistrations registrations,
            RegistrationChanges changes,
            SessionsOfRegistration all,
            SessionService sessions,
            Revocations revocations) {
        this.registrations = registrations;
        this.changes = changes;
        this.all = all;
        this.sessions = sessions;
        this.revocations = revocations;
    }

    @Scheduled(
            identity = "tokenkeep-ending-registrations",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        for (String name : registrations.ending()) {
            try {
                goOn(name);
            } catch (RuntimeException e) {
                DatabaseFailure.log(LOG, e, "Cannot remove the sessions of registration %s", name);
            }
        }
    }

    private void goOn(String registration) {
        List<String> some = all.ids(registration, SESSIONS);
        some.forEach(sessions::remove);
        if (registrations.findRevocable(registration).isEmpty()) {
            // Its settings are deleted, or not valid any more.
            revocations.giveUp(registration, SESSIONS);
        }
        if (some.isEmpty() && all.isEmpty(registration) && changes.finish(registration)) {
            LOG.infof("Registration %s and its sessions are removed", registration);
        }
    }
}
