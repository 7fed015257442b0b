package dev.tokenkeep.session;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A connection that hears what the others commit (PostgreSQL's LISTEN). Not of the pool: it is kept for good. */
final class ListeningConnection implements AutoCloseable {

    private static final String CHANNEL = "tokenkeep_session";
    private static final Duration LOGIN = Duration.ofSeconds(5);
    private static final String ANSWERS_WITHIN_SECONDS = "5";

    /** The connection is not the database's own: what the others commit goes to whoever has it at that moment. */
    static final class PooledException extends SQLException {
        PooledException() {
            super("A pooler shares this connection between its clients");
        }
    }

    private final AgroalDataSource source;
    private final Connection connection;
    private final Statement statement;
    private final PGConnection postgres;

    private ListeningConnection(
            AgroalDataSource source, Connection connection, Statement statement, PGConnection postgres) {
        this.source = source;
        this.connection = connection;
        this.statement = statement;
        this.postgres = postgres;
    }

    /**
     * Listens from now on.
     *
     * @param jdbcUrl where it is not the datasource's own
     * @throws PooledException if it would not hear everything
     */
    static ListeningConnection open(AgroalDataSource datasource, Optional<String> jdbcUrl) throws SQLException {
        AgroalDataSource source = AgroalDataSource.from(single(datasource, jdbcUrl));
        try {
            Connection connection = source.getConnection();
            PGConnection postgres = connection.unwrap(PGConnection.class);
            Statement statement = connection.createStatement();
            refusePooler(postgres, statement);
            statement.execute("listen " + CHANNEL);
            return new ListeningConnection(source, connection, statement, postgres);
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The same database, credentials and properties. */
    private static AgroalDataSourceConfigurationSupplier single(AgroalDataSource datasource, Optional<String> jdbcUrl) {
        AgroalConnectionFactoryConfiguration known =
                datasource.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
        var factory = new AgroalConnectionFactoryConfigurationSupplier(known)
                .autoCommit(true)
                .loginTimeout(LOGIN)
                .jdbcProperty("socketTimeout", ANSWERS_WITHIN_SECONDS);
        jdbcUrl.ifPresent(factory::jdbcUrl);
        return new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(1).connectionFactoryConfiguration(factory));
    }

    /** A pooler makes up the process id that it tells a client at first. */
    private static void refusePooler(PGConnection postgres, Statement statement) throws SQLException {
        try (ResultSet process = statement.executeQuery("select pg_backend_pid()")) {
            process.next();
            if (process.getInt(1) != postgres.getBackendPID()) {
                throw new PooledException();
            }
        }
    }

    /**
     * A round trip: whatever was committed before it began is told by the time it is over, since the server sends
     * notifications before it says that it is ready for the next query.
     */
    void hear(Consumer<String> changed) throws SQLException {
        statement.execute("");
        tell(postgres.getNotifications(), changed);
    }

    /** Waits for the next one, but not for longer than {@code atMost}. */
    void await(Duration atMost, Consumer<String> changed) throws SQLException {
        tell(postgres.getNotifications((int) atMost.toMillis()), changed);
    }

    private static void tell(PGNotification @Nullable [] notifications, Consumer<String> changed) {
        if (notifications != null) {
            for (PGNotification notification : notifications) {
                changed.accept(notification.getParameter());
            }
        }
    }

    @Override
    public void close() {
        try (source;
                connection;
                statement) {
            // Closed one after the other.
        } catch (SQLException e) {
            // It was broken already.
        }
    }
}
