package dev.tokenkeep.session.cache;

import dev.tokenkeep.database.DirectConnection;
import io.agroal.api.AgroalDataSource;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A connection that receives what others commit (PostgreSQL's LISTEN). Not from the pool, because it stays open. */
final class NotificationConnection implements AutoCloseable {

    private static final String CHANNEL = "tokenkeep_session";
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

    /** A pooler shares this connection: what others commit goes to the client that has it at that moment. */
    static final class PooledException extends SQLException {
        PooledException() {
            super("A pooler shares this connection between its clients");
        }
    }

    private final DirectConnection connection;
    private final Statement statement;
    private final PGConnection postgres;

    private NotificationConnection(DirectConnection connection, Statement statement, PGConnection postgres) {
        this.connection = connection;
        this.statement = statement;
        this.postgres = postgres;
    }

    /**
     * Opens a connection that listens from now on.
     *
     * @param jdbcUrl the URL, if it is not the datasource's own
     * @throws PooledException if the connection would miss changes
     */
    static NotificationConnection open(AgroalDataSource datasource, Optional<String> jdbcUrl) throws SQLException {
        DirectConnection connection = DirectConnection.open(datasource, jdbcUrl, ANSWERS_WITHIN);
        try {
            if (connection.isShared()) {
                throw new PooledException();
            }
            PGConnection postgres = connection.connection().unwrap(PGConnection.class);
            Statement statement = connection.connection().createStatement();
            statement.execute("listen " + CHANNEL);
            return new NotificationConnection(connection, statement, postgres);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Makes a round trip. Afterwards everything that was committed before it began has been reported, since the server
     * sends notifications before it says that it is ready for the next query.
     */
    void hear(Consumer<String> changed) throws SQLException {
        statement.execute("");
        tell(postgres.getNotifications(), changed);
    }

    /** Waits for the next notification, at most for {@code atMost}. */
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
        connection.close();
    }
}
