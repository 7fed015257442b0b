package dev.tokenkeep.refresh.scheduling;

import jakarta.inject.Singleton;

/** The job's next look, when a test wants it. */
@Singleton
public class RefreshTick {

    private final RefreshJob job;

    RefreshTick(RefreshJob job) {
        this.job = job;
    }

    public void tick() {
        job.tick();
    }
}
