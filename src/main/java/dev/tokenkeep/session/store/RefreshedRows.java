package dev.tokenkeep.session.store;

import dev.tokenkeep.database.PlannedAnew;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows that a refresh has changed, all in one statement. Every refresh ends here, so it goes past Hibernate, which
 * would compare all columns and say one statement for each row.
 */
@Singleton
class RefreshedRows {

    /** A column, the type of its values, and where they are. */
    private record Column(
            String name, String type, IntFunction<Object[]> array, Function<SessionRow, @Nullable Object> value) {}

    /** All that {@link SessionRow#tokens}, {@link SessionRow#unproven} and {@link RefreshResults} change. */
    private static final List<Column> COLUMNS = List.of(
            text("status", row -> row.status),
            text("scope", row -> row.scope),
            text("key_id", row -> row.keyId),
            number("rt_version", row -> row.rtVersion),
            number("target_refreshes", row -> row.targetRefreshes),
            text("grant_type", row -> row.grantType),
            bytes("refresh_token", row -> row.refreshToken),
            time("refresh_token_expires_at", row -> row.refreshTokenExpiresAt),
            time("grant_expires_at", row -> row.grantExpiresAt),
            time("keep_alive_at", row -> row.keepAliveAt),
            bytes("access_token", row -> row.accessToken),
            text("token_type", row -> row.tokenType),
            time("access_token_obtained_at", row -> row.accessTokenObtainedAt),
            time("access_token_expires_at", row -> row.accessTokenExpiresAt),
            number("access_token_lifetime", row -> row.accessTokenLifetime),
            bytes("id_token", row -> row.idToken),
            bytes("dpop_key", row -> row.dpopKey),
            bytes("current_fingerprint", row -> row.currentFingerprint),
            time("refresh_due_at", row -> row.refreshDueAt),
            time("not_before", row -> row.notBefore),
            new Column("attempt_id", "uuid", UUID[]::new, row -> row.attemptId),
            time("lease_until", row -> row.leaseUntil),
            number("sent_version", row -> row.sentVersion),
            time("sent_at", row -> row.sentAt),
            number("failures", row -> row.failures),
            text("failure_code", row -> row.failureCode),
            time("failure_at", row -> row.failureAt),
            time("refreshed_at", row -> row.refreshedAt));

    static final String WRITE = """
            update tokenkeep_session s set %s
            from unnest(cast(? as text[]), %s) as changed(id, %s)
            where s.id = changed.id""".formatted(
                    listed(column -> column.name() + " = changed." + column.name()),
                    listed(column -> "cast(? as " + column.type() + "[])"),
                    listed(Column::name));

    private final EntityManager entityManager;

    RefreshedRows(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Writes these rows, which the transaction has locked and Hibernate does not write. */
    void write(Collection<SessionRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        entityManager.unwrap(Session.class).doWork(connection -> {
            try (PreparedStatement write = PlannedAnew.prepare(connection, WRITE)) {
                write.setArray(1, array(connection, text("id", row -> row.id), rows));
                for (int i = 0; i < COLUMNS.size(); i++) {
                    write.setArray(i + 2, array(connection, COLUMNS.get(i), rows));
                }
                if (write.executeUpdate() != rows.size()) {
                    // Nothing counts as stored unless all is.
                    throw new IllegalStateException("Not all of " + rows.size() + " locked rows could be written");
                }
            }
        });
    }

    private static Array array(Connection connection, Column column, Collection<SessionRow> rows) throws SQLException {
        return connection.createArrayOf(
                column.type(), rows.stream().map(column.value()).toArray(column.array()));
    }

    private static String listed(Function<Column, String> each) {
        return COLUMNS.stream().map(each).collect(Collectors.joining(", "));
    }

    private static Column text(String name, Function<SessionRow, @Nullable Object> value) {
        return new Column(name, "text", String[]::new, row -> written(value.apply(row)));
    }

    private static Column time(String name, Function<SessionRow, @Nullable Instant> value) {
        return new Column(name, "timestamptz", String[]::new, row -> written(value.apply(row)));
    }

    private static Column number(String name, Function<SessionRow, @Nullable Number> value) {
        return new Column(name, "bigint", Long[]::new, row -> {
            Number number = value.apply(row);
            return number == null ? null : number.longValue();
        });
    }

    private static Column bytes(String name, Function<SessionRow, byte @Nullable []> value) {
        return new Column(name, "bytea", byte[][]::new, value::apply);
    }

    private static @Nullable String written(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
