package dev.tokenkeep.database;

import io.quarkus.scheduler.Scheduled.SkipPredicate;
import io.quarkus.scheduler.ScheduledExecution;
import jakarta.inject.Singleton;

/** Skips a job until the start has succeeded, also one that has to run while the database is away. */
@Singleton
public class StartPending implements SkipPredicate {

    private final DatabaseGuard guard;

    StartPending(DatabaseGuard guard) {
        this.guard = guard;
    }

    @Override
    public boolean test(ScheduledExecution execution) {
        return !guard.isStarted();
    }
}
