package dev.tokenkeep.refresh;

import io.quarkus.scheduler.Scheduled.SkipPredicate;
import io.quarkus.scheduler.ScheduledExecution;
import jakarta.inject.Singleton;

/** Skips the job where {@code tokenkeep.refresh.enabled} is false. */
@Singleton
class SwitchedOff implements SkipPredicate {

    private final RefreshConfig config;

    SwitchedOff(RefreshConfig config) {
        this.config = config;
    }

    @Override
    public boolean test(ScheduledExecution execution) {
        return !config.enabled();
    }
}
