package dev.tokenkeep.database;

import io.agroal.api.AgroalDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks over its own connection whether the database answers and accepts changes. For one thread only. */
class DatabaseProbe {

    /** In whole seconds, since the driver counts in seconds. */
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);

    private final AgroalDataSource pool;
    private @Nullable DirectConnection connection;

    DatabaseProbe(AgroalDataSource pool) {
        this.pool = pool;
    }

    /**
     * Returns up or read-only.
     *
     * @throws SQLException if it does not answer in time, neither on the existing connection nor on a new one
     */
    DatabaseState ask() throws SQLException {
        if (connection != null) {
            try {
                return ask(connection);
            } catch (SQLException e) {
                // A single connection can be cut while the database is well.
                close();
            }
        }
        connection = DirectConnection.open(pool, Optional.empty(), ANSWERS_WITHIN);
        try {
            return ask(connection);
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private static DatabaseState ask(DirectConnection connection) throws SQLException {
        try (Statement statement = connection.connection().createStatement();
                ResultSet answer = statement.executeQuery("show transaction_read_only")) {
            answer.next();
            return "on".equals(answer.getString(1)) ? DatabaseState.READ_ONLY : DatabaseState.UP;
        }
    }

    void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
