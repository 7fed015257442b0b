package dev.tokenkeep.concurrent;

import dev.tokenkeep.telemetry.CallContext;
import dev.tokenkeep.telemetry.Traces;
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
 * Provides threads that may block, and delays that block none. Nothing else uses these threads: an application whose
 * own threads all wait for a refresh must not leave that refresh without a thread.
 */
@Singleton
public class Workers implements Executor {

    /** Fewer than the default number of database connections. */
    private static final int MAX_THREADS = 40;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;
    private final Traces traces;

    Workers(Traces traces) {
        this.traces = traces;
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        var number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    var thread = new Thread(() -> began(task), "tokenkeep-worker-" + number.incrementAndGet());
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

    private static void began(Runnable task) {
        CallContext.forget();
        task.run();
    }

    /** Returns an executor on these threads that keeps this thread's current call and trace. */
    public Executor goingOn() {
        return traces.carriedTo(this);
    }

    public void after(Duration wait, Runnable task) {
        after(wait, this).execute(task);
    }

    /** As {@link #goingOn}, after a delay. */
    public Executor goingOnAfter(Duration wait) {
        return after(wait, goingOn());
    }

    private static Executor after(Duration wait, Executor executor) {
        return CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, executor);
    }

    /** Stops the threads. By then all refreshes in flight have been drained. */
    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
