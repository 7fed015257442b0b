package dev.tokenkeep.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.jboss.logging.Logger;

/**
 * Creates the tables at startup, one replica after the other. Flyway's own lock does not cover the creation of its
 * history table. Without ours, replicas that start together on a new database would fail on it.
 */
@ApplicationScoped
class Migration {

    private static final Logger LOG = Logger.getLogger(Migration.class);

    /** Quarkus' scheduler starts at {@code PLATFORM_BEFORE}: no job may look for tables that do not exist yet. */
    private static final int BEFORE_THE_JOBS = Interceptor.Priority.PLATFORM_BEFORE - 1;

    private static final int MIN_CONNECTIONS = 4;
    private static final int MIN_VERSION = 14;
    private static final long LOCK = 0x746f6b656e6b6565L;

    private final Flyway flyway;
    private final AgroalDataSource database;
    private final boolean atStart;

    Migration(
            @FlywayDataSource("tokenkeep") Flyway flyway,
            @DataSource("tokenkeep") AgroalDataSource database,
            @ConfigProperty(name = "tokenkeep.database.migrate-at-start", defaultValue = "true") boolean atStart) {
        this.flyway = flyway;
        this.database = database;
        this.atStart = atStart;
    }

    void migrate(@Observes @Priority(BEFORE_THE_JOBS) StartupEvent event) throws SQLException {
        requireConnections();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            requireVersion(connection.getMetaData());
            if (!atStart) {
                return;
            }
            connection.setAutoCommit(false);
            statement.execute("set local idle_in_transaction_session_timeout = 0");
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            MigrateResult made = flyway.migrate();
            connection.rollback();
            if (made.migrationsExecuted > 0) {
                LOG.infof(
                        "Migrated the database: %d migrations, now at version %s",
                        made.migrationsExecuted, made.targetSchemaVersion);
            }
        }
    }

    private void requireConnections() {
        int most = database.getConfiguration().connectionPoolConfiguration().maxSize();
        if (most < MIN_CONNECTIONS) {
            throw new IllegalStateException(
                    "quarkus.datasource.tokenkeep.jdbc.max-size: is " + most + ", but must be at least "
                            + MIN_CONNECTIONS + ": refreshes and waiting calls need connections at the same time");
        }
    }

    private static void requireVersion(DatabaseMetaData server) throws SQLException {
        if (server.getDatabaseMajorVersion() < MIN_VERSION) {
            throw new IllegalStateException("quarkus.datasource.tokenkeep.jdbc.url: the database is PostgreSQL "
                    + server.getDatabaseProductVersion() + ", but must be " + MIN_VERSION + " or newer");
        }
    }
}
