package dev.tokenkeep.session.cache;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.time.Ticker;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Removes sessions from the cache when any replica changes them. Has its own thread and connection. */
@ApplicationScoped
class SessionChangeListener {

    private static final Logger LOG = Logger.getLogger(SessionChangeListener.class);

    /** Well within the second for which the cache is trusted. */
    private static final Duration ROUND_TRIP_EVERY = Duration.ofMillis(200);

    private static final Duration RECONNECT_DELAY = Duration.ofSeconds(1);

    private final SessionCache cache;
    private final MemoryConfig config;
    private final AgroalDataSource database;
    private final Ticker ticker;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread listener;
    private boolean told;

    SessionChangeListener(
            SessionCache cache,
            MemoryConfig config,
            @DataSource("tokenkeep") AgroalDataSource database,
            Ticker ticker) {
        this.cache = cache;
        this.config = config;
        this.database = database;
        this.ticker = ticker;
    }

    void start(@Observes StartupEvent event) {
        if (cache.on()) {
            listener = new Thread(this::listen, "tokenkeep-listener");
            listener.setDaemon(true);
            listener.start();
        }
    }

    private void listen() {
        do {
            try (var connection = NotificationConnection.open(database, config.jdbcUrl())) {
                listen(connection);
            } catch (NotificationConnection.PooledException e) {
                LOG.warn("Token cache disabled: the database is behind a pooler that shares connections."
                        + " Set tokenkeep.memory.jdbc-url to the database itself, or tokenkeep.memory.max-size to 0");
                return;
            } catch (SQLException | RuntimeException e) {
                deaf(e);
            }
        } while (!isStopped(RECONNECT_DELAY));
    }

    private void listen(NotificationConnection connection) throws SQLException {
        cache.hears(ticker.nanos());
        told = false;
        try {
            long asked = ticker.nanos();
            while (!isStopped(Duration.ZERO)) {
                connection.await(ROUND_TRIP_EVERY, cache::changed);
                long now = ticker.nanos();
                if (now - asked >= ROUND_TRIP_EVERY.toNanos()) {
                    asked = now;
                    connection.hear(cache::changed);
                    cache.heardUpTo(asked);
                }
            }
        } finally {
            cache.deaf();
        }
    }

    private void deaf(Exception failure) {
        if (!told && stopped.getCount() > 0) {
            told = true;
            DatabaseFailure.log(LOG, failure, "No notification connection; token cache disabled until there is one");
        }
    }

    private boolean isStopped(Duration wait) {
        try {
            return stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped.countDown();
        if (listener != null) {
            listener.join(2 * ROUND_TRIP_EVERY.toMillis());
        }
    }
}
