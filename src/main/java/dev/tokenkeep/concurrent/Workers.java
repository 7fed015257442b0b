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
 * Threads that may block, and waits that block none. They are nobody else's: an application whose own threads all wait for a
 * refresh must not keep the refresh from having one.
 */
@Singleton
public class Workers implements Executor {

    /** Fewer than the database has connections by default. */
    private static final int MOST = 40;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;
    private final Traces traces;

    Workers(Traces traces) {
        this.traces = traces;
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        var number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
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

    /** These threads, for what goes on with the call and the trace that are under way on this one. */
    public Executor goingOn() {
        return traces.carriedTo(this);
    }

    public void after(Duration wait, Runnable task) {
        after(wait, this).execute(task);
    }

    /** As {@link #goingOn}, later. */
    public Executor goingOnAfter(Duration wait) {
        return after(wait, goingOn());
    }

    private static Executor after(Duration wait, Executor executor) {
        return CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, executor);
    }

    /** What was in flight has been drained by then. */
    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
