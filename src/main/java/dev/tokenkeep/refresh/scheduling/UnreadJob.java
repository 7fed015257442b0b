package dev.tokenkeep.refresh.scheduling;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.database.DatabaseGuard;
import dev.tokenkeep.refresh.timing.RefreshConfig;
import dev.tokenkeep.session.upkeep.UnreadSessions;
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

/**
 * Records session reads and skips sessions that nobody reads, if {@code tokenkeep.refresh.skip-unread-after} is set.
 */
@ApplicationScoped
class UnreadJob {

    private static final Logger LOG = Logger.getLogger(UnreadJob.class);
    private static final int BATCH = 500;
    /**
     * Divides the time after which a session is skipped. A recorded read may be older than the last read by the result.
     */
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

    /**
     * Runs before the claims of the same tick if possible. A session that it misses is refreshed once more, which does
     * no harm.
     */
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

    /** Skips the job unless the setting is present and the database is up. */
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
