package dev.tokenkeep.refresh.scheduling;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.database.DatabaseGuard;
import dev.tokenkeep.refresh.timing.RefreshConfig;
import dev.tokenkeep.session.store.UnreadSessions;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduled.SkipPredicate;
import io.quarkus.scheduler.ScheduledExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Where {@code tokenkeep.refresh.skip-unread-after} is set: notes what was read, and leaves alone what was not. */
@ApplicationScoped
class UnreadJob {

    private static final Logger LOG = Logger.getLogger(UnreadJob.class);
    private static final int BATCH = 500;
    /** A note may be so much older than the last read, as a part of the time after which a session is left alone. */
    private static final int GRAIN = 10;

    private final UnreadSessions unread;
    private final RefreshConfig config;

    UnreadJob(UnreadSessions unread, RefreshConfig config) {
        this.unread = unread;
        this.config = config;
    }

    void begin(@Observes StartupEvent event) {
        if (config.skipUnreadAfter().isPresent()) {
            unread.remember();
        }
    }

    /** Before the claims of the same tick, as far as that can be: what it misses is refreshed once more, no harm. */
    @Scheduled(
            identity = "tokenkeep-unread",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = Off.class)
    void tick() {
        config.skipUnreadAfter().ifPresent(time -> {
            try {
                unread.note(time.dividedBy(GRAIN));
                if (config.enabled()) {
                    leaveAlone(time);
                }
            } catch (RuntimeException e) {
                DatabaseFailure.log(LOG, e, "Cannot record session reads");
            }
        });
    }

    private void leaveAlone(Duration time) {
        int left;
        do {
            left = unread.leaveAlone(time, BATCH);
        } while (left == BATCH);
    }

    /** Unless the setting is there, and the database is up. */
    @Singleton
    static class Off implements SkipPredicate {

        private final RefreshConfig config;
        private final DatabaseGuard database;

        Off(RefreshConfig config, DatabaseGuard database) {
            this.config = config;
            this.database = database;
        }

        @Override
        public boolean test(ScheduledExecution execution) {
            return config.skipUnreadAfter().isEmpty() || !database.isJobsTurn();
        }
    }
}
