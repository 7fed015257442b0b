package dev.tokenkeep.session.fingerprint;

import dev.tokenkeep.database.PlannedAnew;
import dev.tokenkeep.oauth.Secret;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.hibernate.Session;

/**
 * Finds rows by the fingerprints of their refresh tokens. Each is looked up by itself: a list of them would have PostgreSQL
 * read the whole table as long as it has no statistics, as after an import. What Hibernate has not written yet is not found.
 */
@Singleton
public class RefreshTokenLookup {

    public static final String CURRENT = """
            select s.id, s.registration, s.current_fingerprint from unnest(cast(? as text[])) name
            cross join unnest(cast(? as bytea[])) fingerprint
            join tokenkeep_session s on s.registration = name and s.current_fingerprint = fingerprint""";

    public static final String CURRENT_OR_REGISTERED = """
            select s.id from unnest(cast(? as text[])) name
            cross join unnest(cast(? as bytea[])) fingerprint
            cross join lateral (
                select id from tokenkeep_session where registration = name and registered_fingerprint = fingerprint
                union
                select id from tokenkeep_session where registration = name and current_fingerprint = fingerprint) s""";

    private final EntityManager entityManager;
    private final Fingerprints fingerprints;

    RefreshTokenLookup(@PersistenceUnit("tokenkeep") EntityManager entityManager, Fingerprints fingerprints) {
        this.entityManager = entityManager;
        this.fingerprints = fingerprints;
    }

    /** Reads one row of a result. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Returns which rows have one of these as their current refresh token. */
    public RefreshTokenOwners owners(Collection<String> registrations, Collection<Secret> tokens) {
        List<byte[]> wanted = tokens.stream().map(fingerprints::of).toList();
        return new RefreshTokenOwners(
                fingerprints,
                lookUp(
                        CURRENT,
                        registrations,
                        wanted,
                        row -> new RefreshTokenOwners.Owner(row.getString(1), row.getString(2), row.getBytes(3))));
    }

    /** Returns the ids of the rows that have, or were registered with, one of these. */
    public List<String> ids(Collection<String> registrations, Collection<byte[]> fingerprints) {
        return lookUp(CURRENT_OR_REGISTERED, registrations, fingerprints, row -> row.getString(1)).stream()
                .distinct()
                .toList();
    }

    private <T> List<T> lookUp(
            String sql, Collection<String> registrations, Collection<byte[]> fingerprints, Reader<T> reader) {
        return entityManager.unwrap(Session.class).doReturningWork(connection -> {
            try (PreparedStatement select = PlannedAnew.prepare(connection, sql)) {
                select.setArray(1, connection.createArrayOf("text", registrations.toArray(String[]::new)));
                select.setArray(2, connection.createArrayOf("bytea", fingerprints.toArray(byte[][]::new)));
                var found = new ArrayList<T>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(reader.read(rows));
                    }
                }
                return found;
            }
        });
    }
}
