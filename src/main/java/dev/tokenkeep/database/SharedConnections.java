package dev.tokenkeep.database;

import io.agroal.api.AgroalPoolInterceptor;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Turns off server-side prepared statements behind a pooler. Otherwise a client could meet what another client has
 * prepared on the same connection.
 */
@Singleton
@DataSource("tokenkeep")
class SharedConnections implements AgroalPoolInterceptor {

    private static final Logger LOG = Logger.getLogger(SharedConnections.class);

    private final AtomicBoolean told = new AtomicBoolean();

    @Override
    public void onConnectionCreate(Connection connection) {
        try {
            if (DirectConnection.isShared(connection)) {
                connection.unwrap(PGConnection.class).setPrepareThreshold(0);
                if (told.compareAndSet(false, true)) {
                    LOG.info("The database is behind a connection pooler: server-side prepared statements are off");
                }
            }
        } catch (SQLException e) {
            LOG.debugf("Cannot tell whether the database is behind a connection pooler: %s", DatabaseFailure.name(e));
        }
    }
}
