package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import org.jboss.logging.Logger;

/** Re-encrypts what is not a session: the few rows that wait to be revoked, and the fingerprint key. */
@ApplicationScoped
public class OtherEncryptedRows {

    private static final Logger LOG = Logger.getLogger(OtherEncryptedRows.class);

    private final EntityManager entityManager;
    private final SessionEncryption encryption;
    private final Fingerprints fingerprints;

    OtherEncryptedRows(
            @PersistenceUnit("tokenkeep") EntityManager entityManager,
            SessionEncryption encryption,
            Fingerprints fingerprints) {
        this.entityManager = entityManager;
        this.encryption = encryption;
        this.fingerprints = fingerprints;
    }

    /** Re-encrypts up to {@code limit} revocations of a former key, with their rows locked. Returns how many. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int revocations(String formerKeyId, int limit) {
        int done = 0;
        for (RevocationRow row : locked(formerKeyId, limit)) {
            try {
                encryption.reseal(row);
                done++;
            } catch (UndecryptableException stays) {
                LOG.debugf("Cannot re-encrypt a revocation of key %s", formerKeyId);
            }
        }
        return done;
    }

    @SuppressWarnings("unchecked")
    private List<RevocationRow> locked(String formerKeyId, int limit) {
        return entityManager
                .createNativeQuery("""
                        select * from tokenkeep_revocation where key_id = :former
                        order by created_at desc limit :limit for update skip locked""", RevocationRow.class)
                .setParameter("former", formerKeyId)
                .setParameter("limit", limit)
                .getResultList();
    }

    /** Re-encrypts the fingerprint key if a former key encrypts it. Returns the number of rows. */
    public int fingerprintKey(String formerKeyId) {
        return fingerprints.reencrypt(formerKeyId);
    }
}
