package dev.tokenkeep.database;

import io.quarkus.scheduler.Scheduled.SkipPredicate;
import io.quarkus.scheduler.ScheduledExecution;
import jakarta.inject.Singleton;

/** Skips a job until the start has succeeded, and while the database is not up. */
@Singleton
public class DatabaseAway implements SkipPredicate {

    private final DatabaseGuard guard;

    DatabaseAway(DatabaseGuard guard) {
        this.guard = guard;
    }

    @Override
    public boolean test(ScheduledExecution execution) {
        return !guard.isJobsTurn();
    }
}
