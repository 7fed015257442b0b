package dev.tokenkeep.refresh;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that may block, and waits that block none. They are nobody else's: an application whose own threads all wait for a
 * refresh must not keep the refresh from having one.
 */
@Singleton
class Workers implements Executor {

    /** Fewer than the database has connections by default. */
    private static final int MOST = 40;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;

    Workers() {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        var number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    var thread = new Thread(task, "tokenkeep-worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    thread.setContextClassLoader(application);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    void after(Duration wait, Runnable task) {
        after(wait).execute(task);
    }

    Executor after(Duration wait) {
        return CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, this);
    }

    /** What was in flight has been drained by then. */
    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
