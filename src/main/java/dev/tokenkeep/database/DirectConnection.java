package dev.tokenkeep.database;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** A connection that is not of the pool, with the pool's database, credentials and properties. */
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
     * @param jdbcUrl where it is not the pool's own
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

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        try (source;
                connection) {
            // Closed one after the other.
        } catch (SQLException e) {
            // It was broken already.
        }
    }
}
