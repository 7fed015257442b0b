package dev.tokenkeep.database;

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
import org.postgresql.PGConnection;

/** A connection outside the pool, with the pool's database, credentials and properties. */
public final class DirectConnection implements AutoCloseable {

    private final AgroalDataSource source;
    private final Connection connection;

    private DirectConnection(AgroalDataSource source, Connection connection) {
        this.source = source;
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @param jdbcUrl the URL, if it is not the pool's own
     * @param timeout in whole seconds: for connecting, and then for every answer
     */
    public static DirectConnection open(AgroalDataSource pool, Optional<String> jdbcUrl, Duration timeout)
            throws SQLException {
        AgroalDataSource source = AgroalDataSource.from(single(pool, jdbcUrl, timeout));
        try {
            return new DirectConnection(source, source.getConnection());
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static AgroalDataSourceConfigurationSupplier single(
            AgroalDataSource pool, Optional<String> jdbcUrl, Duration timeout) {
        AgroalConnectionFactoryConfiguration known =
                pool.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
        String seconds = String.valueOf(timeout.toSeconds());
        var factory = new AgroalConnectionFactoryConfigurationSupplier(known)
                .autoCommit(true)
                .loginTimeout(timeout)
                .jdbcProperty("connectTimeout", seconds)
                .jdbcProperty("socketTimeout", seconds);
        jdbcUrl.ifPresent(factory::jdbcUrl);
        return new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pooled -> pooled.maxSize(1).connectionFactoryConfiguration(factory));
    }

    /** Returns whether a pooler gives the server's connection to other clients in between. */
    public boolean isShared() throws SQLException {
        return isShared(connection);
    }

    /** Compares process ids: a pooler invents the one that it sends to a client at first. */
    static boolean isShared(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet process = statement.executeQuery("select pg_backend_pid()")) {
            process.next();
            return process.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
        }
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        try (source;
                connection) {
            // Both are closed, one after the other.
        } catch (SQLException e) {
            // It was already broken.
        }
    }
}
