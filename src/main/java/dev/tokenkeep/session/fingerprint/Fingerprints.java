package dev.tokenkeep.session.fingerprint;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.TokenCipher.Encrypted;
import dev.tokenkeep.crypto.TokenFingerprint;
import dev.tokenkeep.oauth.Secret;
import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes fingerprints under the database's own key. The first replica creates that key, once. */
@Singleton
public class Fingerprints {

    private static final AssociatedData PLACE =
            new AssociatedData("tokenkeep_fingerprint_key", "ciphertext", "1", "", 1);

    private final TokenCipher cipher;
    private final EntityManager entityManager;
    private volatile @Nullable TokenFingerprint fingerprint;

    Fingerprints(TokenCipher cipher, @PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.cipher = cipher;
        this.entityManager = entityManager;
    }

    public byte[] of(Secret refreshToken) {
        TokenFingerprint known = fingerprint;
        return (known == null ? load() : known).of(refreshToken);
    }

    /** @throws dev.tokenkeep.crypto.UndecryptableException if the key that encrypts the fingerprint key is missing */
    public TokenFingerprint load() {
        TokenFingerprint loaded = QuarkusTransaction.requiringNew().call(this::loadOrCreate);
        fingerprint = loaded;
        return loaded;
    }

    private TokenFingerprint loadOrCreate() {
        List<?> stored = select();
        if (stored.isEmpty()) {
            Encrypted made = cipher.newFingerprintKey(PLACE);
            entityManager
                    .createNativeQuery("""
                            insert into tokenkeep_fingerprint_key (id, key_id, ciphertext)
                            values (1, :keyId, :ciphertext) on conflict do nothing""")
                    .setParameter("keyId", made.keyId())
                    .setParameter("ciphertext", made.ciphertext())
                    .executeUpdate();
            stored = select();
        }
        var row = (Object[]) stored.get(0);
        return cipher.fingerprint(new Encrypted((String) row[0], (byte[]) row[1]), PLACE);
    }

    /** Re-encrypts the key if {@code formerKeyId} encrypts it; no fingerprint changes. Returns the number of rows. */
    public int reencrypt(String formerKeyId) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var row = (Object[]) select().get(0);
            if (!formerKeyId.equals(row[0])) {
                return 0;
            }
            var anew = cipher.forRow();
            return entityManager
                    .createNativeQuery("""
                            update tokenkeep_fingerprint_key set key_id = :keyId, ciphertext = :ciphertext
                            where id = 1 and key_id = :former""")
                    .setParameter("keyId", anew.keyId())
                    .setParameter("ciphertext", anew.reencrypt(formerKeyId, (byte[]) row[1], PLACE))
                    .setParameter("former", formerKeyId)
                    .executeUpdate();
        });
    }

    private List<?> select() {
        return entityManager
                .createNativeQuery(
                        "select key_id, ciphertext from tokenkeep_fingerprint_key where id = 1", Object[].class)
                .getResultList();
    }
}
