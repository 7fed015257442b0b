package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.database.DatabaseGuard;
import io.quarkus.scheduler.Scheduled.SkipPredicate;
import io.quarkus.scheduler.ScheduledExecution;
import jakarta.inject.Singleton;

/** Skips the job if {@code tokenkeep.refresh.enabled} is false, and while the database is not up. */
@Singleton
public class RefreshDisabled implements SkipPredicate {

    private final RefreshConfig config;
    private final DatabaseGuard database;

    RefreshDisabled(RefreshConfig config, DatabaseGuard database) {
        this.config = config;
        this.database = database;
    }

    @Override
    public boolean test(ScheduledExecution execution) {
        return !config.enabled() || !database.isJobsTurn();
    }
}
