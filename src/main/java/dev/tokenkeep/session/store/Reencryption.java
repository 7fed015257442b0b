package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts sessions of a former key anew. They are read and written in two transactions, and none is open in between: a
 * row is written only if it is still what was read, so that what a refresh has stored meanwhile stays.
 */
@ApplicationScoped
public class Reencryption {

    private static final String FREE = "(lease_until is null or lease_until <= now())";

    private static final String READ = """
            select * from tokenkeep_session
            where key_id = :former and id > :after and %s
            order by id limit :limit for update skip locked""".formatted(FREE);

    /** The ciphertexts too: some things change them and not the version. */
    static final String WRITE = """
            update tokenkeep_session s
            set key_id = ?, refresh_token = ?, access_token = ?, id_token = ?
            from (select id from tokenkeep_session
                  where id = ? and rt_version = ? and key_id = ? and refresh_token = ?
                  and access_token is not distinct from ? and id_token is not distinct from ?
                  and %s
                  for update skip locked) unchanged
            where s.id = unchanged.id""".formatted(FREE);

    private final EntityManager entityManager;
    private final AgroalDataSource database;
    private final SessionEncryption encryption;

    Reencryption(
            @PersistenceUnit("tokenkeep") EntityManager entityManager,
            @DataSource("tokenkeep") AgroalDataSource database,
            SessionEncryption encryption) {
        this.entityManager = entityManager;
        this.database = database;
        this.encryption = encryption;
    }

    private record Resealed(SessionRow row, EncryptedTokens sealed) {}

    /** Sessions that were read and encrypted anew, and are not yet written. */
    public static final class Batch {

        private final List<Resealed> resealed = new ArrayList<>();
        private final List<String> unopened = new ArrayList<>();
        private @Nullable String last;

        /** The ids of those that can't be opened. */
        public List<String> unopened() {
            return List.copyOf(unopened);
        }

        /** How many were read. */
        public int size() {
            return resealed.size() + unopened.size();
        }

        /** Where the next batch begins; null if there was nothing to read. */
        public @Nullable String last() {
            return last;
        }
    }

    /**
     * Up to {@code limit} sessions of a former key after the id {@code after}, without those that are being refreshed. None
     * where that key encrypts again, or already: the replicas change one after the other.
     */
    @AsksDatabase
    public Batch read(String formerKeyId, String after, int limit) {
        var batch = new Batch();
        for (SessionRow row : rows(formerKeyId, after, limit)) {
            batch.last = row.id;
            try {
                EncryptedTokens sealed = encryption.resealed(row);
                if (sealed.keyId().equals(formerKeyId)) {
                    return new Batch();
                }
                batch.resealed.add(new Resealed(row, sealed));
            } catch (UndecryptableException e) {
                batch.unopened.add(row.id);
            }
        }
        return batch;
    }

    @SuppressWarnings("unchecked")
    private List<SessionRow> rows(String formerKeyId, String after, int limit) {
        return QuarkusTransaction.requiringNew()
                .call(() -> entityManager
                        .createNativeQuery(READ, SessionRow.class)
                        .setParameter("former", formerKeyId)
                        .setParameter("after", after)
                        .setParameter("limit", limit)
                        .getResultList());
    }

    /** How many of them were still as they had been read. */
    @AsksDatabase
    public int write(Batch batch) {
        return batch.resealed.isEmpty() ? 0 : QuarkusTransaction.requiringNew().call(() -> written(batch.resealed));
    }

    private int written(List<Resealed> resealed) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement write = connection.prepareStatement(WRITE)) {
            for (Resealed one : resealed) {
                bind(write, one.row(), one.sealed());
                write.addBatch();
            }
            return Arrays.stream(write.executeBatch()).sum();
        }
    }

    private static void bind(PreparedStatement write, SessionRow row, EncryptedTokens sealed) throws SQLException {
        write.setString(1, sealed.keyId());
        write.setBytes(2, sealed.refreshToken());
        write.setBytes(3, sealed.accessToken());
        write.setBytes(4, sealed.idToken());
        write.setString(5, row.id);
        write.setLong(6, row.rtVersion);
        write.setString(7, row.keyId);
        write.setBytes(8, row.refreshToken);
        write.setBytes(9, row.accessToken);
        write.setBytes(10, row.idToken);
    }
}
