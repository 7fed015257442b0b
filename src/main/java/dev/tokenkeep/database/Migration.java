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
 * Makes the tables at start-up, one replica after the other: Flyway's own lock does not cover the making of its history
 * table, and replicas that start together on a new database would stumble over each other's.
 */
@ApplicationScoped
class Migration {

    private static final Logger LOG = Logger.getLogger(Migration.class);

    /** Quarkus' scheduler starts at {@code PLATFORM_BEFORE}: no job is to look for tables that are not there yet. */
    private static final int BEFORE_THE_JOBS = Interceptor.Priority.PLATFORM_BEFORE - 1;

    private static final int LEAST_CONNECTIONS = 4;
    private static final int LEAST_VERSION = 14;
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
        if (most < LEAST_CONNECTIONS) {
            throw new IllegalStateException(
                    "quarkus.datasource.tokenkeep.jdbc.max-size: is " + most + ", and must be at least "
                            + LEAST_CONNECTIONS + ": what refreshes and what waits for it need connections at once");
        }
    }

    private static void requireVersion(DatabaseMetaData server) throws SQLException {
        if (server.getDatabaseMajorVersion() < LEAST_VERSION) {
            throw new IllegalStateException("quarkus.datasource.tokenkeep.jdbc.url: the database is PostgreSQL "
                    + server.getDatabaseProductVersion() + ", and must be " + LEAST_VERSION + " or newer");
        }
    }
}
