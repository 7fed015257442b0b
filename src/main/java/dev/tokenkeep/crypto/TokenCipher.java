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
 * Encrypts and decrypts tokens. The key directory is read again on request. If that fails, the keys stay as they were.
 * A key whose file was removed still decrypts until the process ends. Thread-safe.
 */
@Singleton
public class TokenCipher {

    /** A ciphertext, and the id of its key. */
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

    /** Returns the ids of all keys that decrypt. */
    public Set<String> keyIds() {
        return reading.ring().ids();
    }

    /** Returns the ids of the keys and what they are used for. */
    public KeyIds keys() {
        KeyRing ring = reading.ring();
        return new KeyIds(ring.primaryId(), encrypting(ring), ring.idsInDirectory(), ring.ids());
    }

    /** Encrypts with this key from now on, as long as it has a file, and otherwise with the primary one. */
    public void encryptWith(String keyId) {
        agreed = keyId;
    }

    private String encrypting(KeyRing ring) {
        String wanted = agreed;
        return wanted != null && ring.idsInDirectory().contains(wanted) ? wanted : ring.primaryId();
    }

    /** Returns a cipher that stays with one key, so that all columns of a row get the same key id. */
    public RowCipher forRow() {
        KeyRing ring = reading.ring();
        return new RowCipher(ring, encrypting(ring), metrics);
    }

    /** @throws UndecryptableException if the key is missing or the ciphertext does not belong to this place */
    public Secret decrypt(String keyId, byte[] ciphertext, AssociatedData place) {
        return Secret.of(new String(reading.ring().decrypt(keyId, ciphertext, place), UTF_8));
    }

    /** Does the same as {@link #decrypt}; returns null for null. */
    public @Nullable Secret decryptIfAny(String keyId, byte @Nullable [] ciphertext, AssociatedData place) {
        return ciphertext == null ? null : decrypt(keyId, ciphertext, place);
    }

    /** Returns a new fingerprint key, encrypted. */
    public Encrypted newFingerprintKey(AssociatedData place) {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        RowCipher row = forRow();
        return new Encrypted(row.keyId(), row.encrypt(key, place));
    }

    /** @throws UndecryptableException if the key is missing or the ciphertext does not belong to this place */
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

    /** Logs a problem once, however often the directory is read again. */
    private void complain(String message) {
        if (!message.equals(complaint)) {
            complaint = message;
            LOG.errorf("The key directory changed and is invalid; the previous keys stay in use: %s", message);
        }
    }
}
