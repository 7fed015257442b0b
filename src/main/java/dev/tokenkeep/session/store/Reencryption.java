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
 * Re-encrypts sessions of a former key. They are read and written in two transactions, and none is open in between. A
 * row is written only if it has not changed since it was read, so that the result of a refresh in between stays.
 */
@ApplicationScoped
public class Reencryption {

    private static final String FREE = "(lease_until is null or lease_until <= now())";

    private static final String READ = """
            select * from tokenkeep_session
            where key_id = :former and id > :after and %s
            order by id limit :limit for update skip locked""".formatted(FREE);

    /** The ciphertexts are compared too, because some changes do not change the version. */
    static final String WRITE = """
            update tokenkeep_session s
            set key_id = ?, refresh_token = ?, access_token = ?, id_token = ?, dpop_key = ?
            from (select id from tokenkeep_session
                  where id = ? and rt_version = ? and key_id = ? and refresh_token = ?
                  and access_token is not distinct from ? and id_token is not distinct from ?
                  and dpop_key is not distinct from ?
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

    /** Sessions that were read and re-encrypted, and are not yet written. */
    public static final class Batch {

        private final List<Resealed> resealed = new ArrayList<>();
        private final List<String> unopened = new ArrayList<>();
        private @Nullable String last;

        /** Returns the ids of the sessions that cannot be decrypted. */
        public List<String> unopened() {
            return List.copyOf(unopened);
        }

        /** Returns how many sessions were read. */
        public int size() {
            return resealed.size() + unopened.size();
        }

        /** Returns the id after which the next batch begins; null if nothing was read. */
        public @Nullable String last() {
            return last;
        }
    }

    /**
     * Reads up to {@code limit} sessions of a former key after the id {@code after}, without those that are being
     * refreshed. Returns none if that key is the one that encrypts now: the replicas change keys one after the other.
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

    /** Writes the batch. Returns how many rows had not changed since they were read. */
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
        write.setBytes(5, sealed.dpopKey());
        write.setString(6, row.id);
        write.setLong(7, row.rtVersion);
        write.setString(8, row.keyId);
        write.setBytes(9, row.refreshToken);
        write.setBytes(10, row.accessToken);
        write.setBytes(11, row.idToken);
        write.setBytes(12, row.dpopKey);
    }
}
