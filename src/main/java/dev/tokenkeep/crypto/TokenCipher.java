package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts tokens. The key directory is looked at again when it is asked for; a reading that fails leaves the
 * keys as they were, and a key whose file has gone still decrypts until the process ends. Thread-safe.
 */
@Singleton
public class TokenCipher {

    /** What was encrypted, and by which key. */
    public record Encrypted(String keyId, byte[] ciphertext) {}

    private static final Logger LOG = Logger.getLogger(TokenCipher.class);

    private final KeyDirectory directory;
    private final EncryptionMetrics metrics;
    private volatile Reading reading;
    private volatile @Nullable String agreed;
    private @Nullable String complaint;

    private record Reading(KeyRing ring, String stamp) {}

    TokenCipher(KeyDirectory directory, EncryptionMetrics metrics) {
        this.directory = directory;
        this.metrics = metrics;
        try {
            String stamp = directory.stamp();
            this.reading = new Reading(directory.read(), stamp);
        } catch (IllegalStateException e) {
            throw new ConfigurationException(
                    ConfiguredKeys.DIRECTORY + ": " + e.getMessage(), Set.of(ConfiguredKeys.DIRECTORY));
        }
    }

    /** The ids of all keys that decrypt. */
    public Set<String> keyIds() {
        return reading.ring().ids();
    }

    /** All that is to be known of the keys. */
    public KeyIds keys() {
        KeyRing ring = reading.ring();
        return new KeyIds(ring.primaryId(), encrypting(ring), ring.idsInDirectory(), ring.ids());
    }

    /** Encrypts with this key from now on, for as long as it has a file; the primary one does otherwise. */
    public void encryptWith(String keyId) {
        agreed = keyId;
    }

    private String encrypting(KeyRing ring) {
        String wanted = agreed;
        return wanted != null && ring.idsInDirectory().contains(wanted) ? wanted : ring.primaryId();
    }

    /** A cipher that stays with one key, so that all columns of a row get the same key id. */
    public RowCipher forRow() {
        KeyRing ring = reading.ring();
        return new RowCipher(ring, encrypting(ring), metrics);
    }

    /** @throws UndecryptableException if the key is missing or the ciphertext is not of this place */
    public Secret decrypt(String keyId, byte[] ciphertext, AssociatedData place) {
        return Secret.of(new String(reading.ring().decrypt(keyId, ciphertext, place), UTF_8));
    }

    /** A new fingerprint key, encrypted. */
    public Encrypted newFingerprintKey(AssociatedData place) {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        RowCipher row = forRow();
        return new Encrypted(row.keyId(), row.encrypt(key, place));
    }

    /** @throws UndecryptableException if the key is missing or the ciphertext is not of this place */
    public TokenFingerprint fingerprint(Encrypted fingerprintKey, AssociatedData place) {
        return new TokenFingerprint(reading.ring().decrypt(fingerprintKey.keyId(), fingerprintKey.ciphertext(), place));
    }

    /** Reads the directory again if it has changed. */
    public synchronized void lookAgain() {
        Reading before = reading;
        String stamp = directory.stamp();
        if (stamp.equals(before.stamp())) {
            return;
        }
        try {
            KeyRing ring = directory.read().retaining(before.ring());
            reading = new Reading(ring, stamp);
            complaint = null;
            LOG.infof("The key directory changed: keys %s, primary %s", ring.idsInDirectory(), ring.primaryId());
        } catch (IllegalStateException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    /** Once, however often it is tried again. */
    private void complain(String message) {
        if (!message.equals(complaint)) {
            complaint = message;
            LOG.errorf("The key directory changed and is invalid; the former keys stay in use: %s", message);
        }
    }
}
