package dev.tokenkeep.database;

import dev.tokenkeep.time.Ticker;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Knows how the database is. Asks it twice a second over a connection of its own, so that a database that hangs is noticed in
 * seconds and not by each call's time-out. While it does not answer, nobody else asks it: calls fail at once, and those that
 * hang are freed by closing the pool's connections. A pool that is only busy is none of its affair.
 */
@Singleton
public class DatabaseGuard {

    private static final Logger LOG = Logger.getLogger(DatabaseGuard.class);
    /** Before anything else asks the database, but for the check of its tables. */
    private static final int FIRST = 900;

    private static final int LAST = 1_000_000;

    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private final AgroalDataSource pool;
    private final Ticker ticker;
    private final Doubt doubt;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile DatabaseState state = DatabaseState.UP;
    private volatile boolean checked;
    private volatile long sinceNanos;

    @Inject
    DatabaseGuard(@DataSource("tokenkeep") AgroalDataSource pool, Ticker ticker) {
        this.pool = pool;
        this.ticker = ticker;
        this.doubt = new Doubt(ticker);
    }

    void start(@Observes @Priority(FIRST) StartupEvent event) {
        DatabaseFailure.told(false);
        run("tokenkeep-database", this::watch);
        run("tokenkeep-database-doubt", this::doubt);
    }

    /** The start has succeeded: nothing refuses it any more. */
    void checked(@Observes @Priority(LAST) StartupEvent event) {
        checked = true;
    }

    /** Whether jobs may run: the start has succeeded, and the database is up. */
    public boolean isJobsTurn() {
        return checked && isUp();
    }

    private static void run(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    public DatabaseState state() {
        return state;
    }

    public boolean isUp() {
        return state == DatabaseState.UP;
    }

    /** How long it has been in its state. */
    public Duration since() {
        return Duration.ofNanos(ticker.nanos() - sinceNanos);
    }

    /** Whether it is not up, or has been asked and takes its time to answer: nobody knows yet whether it will. */
    public boolean isDoubted() {
        return !isUp() || doubt.isOn();
    }

    void require() {
        DatabaseState now = state;
        if (now != DatabaseState.UP) {
            throw new DatabaseUnavailableException(now);
        }
    }

    private void watch() {
        var probe = new DatabaseProbe(pool);
        do {
            look(probe);
        } while (!isStopped(isUp() ? EVERY : AGAIN));
        probe.close();
    }

    private void doubt() {
        while (!isStopped(Doubt.EVERY)) {
            doubt.tick();
        }
    }

    /** One look at it, and what follows. */
    void look(DatabaseProbe probe) {
        doubt.asked();
        try {
            seen(probe.ask(), null);
        } catch (SQLException | RuntimeException e) {
            seen(DatabaseState.UNREACHABLE, e);
        } finally {
            doubt.answered();
        }
    }

    private void seen(DatabaseState now, @Nullable Exception cause) {
        DatabaseState before = state;
        if (now == before) {
            return;
        }
        Duration lasted = since();
        sinceNanos = ticker.nanos();
        state = now;
        DatabaseFailure.told(now != DatabaseState.UP);
        if (now == DatabaseState.UP) {
            LOG.infof("The database is up again after being %s for %d s", before.label(), lasted.toSeconds());
        } else {
            LOG.warnf(
                    "The database is %s%s. Cached tokens are served for a while; other calls are refused until it is back",
                    now.label(), cause == null ? "" : ": " + DatabaseFailure.name(cause));
        }
        // Those who hang on a connection go on, and none that is dead, or leads to a former primary, is used again.
        pool.flush(FlushMode.ALL);
    }

    private boolean isStopped(Duration wait) {
        try {
            return stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Not before: what is stored at the end asks it too. */
    @PreDestroy
    void stop() {
        stopped.countDown();
    }
}
