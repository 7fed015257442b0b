package dev.tokenkeep.database;

import dev.tokenkeep.time.Ticker;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.ShutdownEvent;
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
 * Knows the state of the database. It queries the database twice a second over its own connection, so that a hanging
 * database is noticed in seconds and not by each call's timeout. While it does not answer, nobody else queries it:
 * calls fail at once, and closing the pool's connections frees hanging ones. A busy pool does not matter.
 */
@Singleton
public class DatabaseGuard {

    private static final Logger LOG = Logger.getLogger(DatabaseGuard.class);
    /** Before anything else queries the database, except for the check of its tables. */
    private static final int START_PRIORITY = 900;

    private static final int LAST_PRIORITY = 1_000_000;

    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private final AgroalDataSource pool;
    private final Ticker ticker;
    private final Doubt doubt;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile DatabaseState state = DatabaseState.UP;
    private volatile boolean checked;
    private volatile boolean started;
    private volatile long sinceNanos;

    @Inject
    DatabaseGuard(@DataSource("tokenkeep") AgroalDataSource pool, Ticker ticker) {
        this.pool = pool;
        this.ticker = ticker;
        this.doubt = new Doubt(ticker);
    }

    void start(@Observes @Priority(START_PRIORITY) StartupEvent event) {
        DatabaseFailure.told(false);
        DatabaseFailure.ending(false);
        run("tokenkeep-database", this::watch);
        run("tokenkeep-database-doubt", this::doubt);
    }

    /** Records that no check has refused the start. A port that is in use still can. */
    void checked(@Observes @Priority(LAST_PRIORITY) StartupEvent event) {
        checked = true;
    }

    /** By then all results are stored. */
    void ending(@Observes @Priority(LAST_PRIORITY) ShutdownEvent event) {
        DatabaseFailure.ending(true);
    }

    /** Returns whether the start has succeeded. Stays true while the application stops: jobs go on meanwhile. */
    boolean isStarted() {
        if (!started && checked) {
            Application application = Application.currentApplication();
            started = application == null || application.isStarted();
        }
        return started;
    }

    /** Returns whether jobs may run: the start has succeeded, and the database is up. */
    public boolean isJobsTurn() {
        return isStarted() && isUp();
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

    /** Returns how long the database has been in its state. */
    public Duration since() {
        return Duration.ofNanos(ticker.nanos() - sinceNanos);
    }

    /** Returns whether it is not up, or is slow to answer a query: nobody knows yet whether it will answer. */
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
        } while (!isStopped(isUp() ? EVERY : RETRY_INTERVAL));
        probe.close();
    }

    private void doubt() {
        while (!isStopped(Doubt.EVERY)) {
            doubt.tick();
        }
    }

    /** Checks the database once and acts on the result. */
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
        // Frees calls that hang. No connection that is dead, or leads to a former primary, is used again.
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

    /** Stops no earlier, because results that are stored at shutdown need the guard too. */
    @PreDestroy
    void stop() {
        stopped.countDown();
    }
}
