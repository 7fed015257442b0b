package dev.tokenkeep.refresh;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Threads that may block, and waits that block none. */
@Singleton
class Workers implements Executor {

    @Override
    public void execute(Runnable task) {
        Infrastructure.getDefaultWorkerPool().execute(task);
    }

    void after(Duration wait, Runnable task) {
        after(wait).execute(task);
    }

    Executor after(Duration wait) {
        return CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, this);
    }
}
