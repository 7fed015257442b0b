package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.time.Ticker;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Encrypts and decrypts tokens. The key directory is looked at again every few seconds; a reading that fails leaves the
 * keys as they were. Thread-safe.
 */
@Singleton
public class TokenCipher {

    /** What was encrypted, and by which key. */
    public record Encrypted(String keyId, byte[] ciphertext) {}

    private static final Logger LOG = Logger.getLogger(TokenCipher.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final String KEY = "tokenkeep.encryption.keys";

    private final KeyDirectory directory;
    private final Ticker ticker;
    private volatile Reading reading;

    private record Reading(KeyRing ring, String stamp, long atNanos) {}

    @Inject
    TokenCipher(EncryptionConfig config, Ticker ticker) {
        this(directory(config), ticker);
    }

    private TokenCipher(Path path, Ticker ticker) {
        this.directory = new KeyDirectory(path);
        this.ticker = ticker;
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            directory.createIfAbsent();
        }
        try {
            String stamp = directory.stamp();
            this.reading = new Reading(directory.read(), stamp, ticker.nanos());
        } catch (IllegalStateException e) {
            throw new ConfigurationException(KEY + ": " + e.getMessage(), Set.of(KEY));
        }
    }

    private static Path directory(EncryptionConfig config) {
        return config.keys()
                .orElseThrow(() -> new ConfigurationException(
                        KEY + ": no key directory is configured, and nothing is stored without a key", Set.of(KEY)));
    }

    /** The ids of all keys that decrypt. */
    public Set<String> keyIds() {
        return ring().ids();
    }

    /** The id of the key that encrypts. */
    public String primaryKeyId() {
        return ring().primaryId();
    }

    /** A cipher that stays with one reading of the keys, so that all columns of a row get the same key id. */
    public RowCipher forRow() {
        return new RowCipher(ring());
    }

    /** @throws UndecryptableException if the key is missing or the ciphertext is not of this place */
    public Secret decrypt(String keyId, byte[] ciphertext, AssociatedData place) {
        return Secret.of(new String(ring().decrypt(keyId, ciphertext, place), UTF_8));
    }

    /** A new fingerprint key, encrypted. */
    public Encrypted newFingerprintKey(AssociatedData place) {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        KeyRing ring = ring();
        return new Encrypted(ring.primaryId(), ring.encrypt(key, place));
    }

    /** @throws UndecryptableException if the key is missing or the ciphertext is not of this place */
    public TokenFingerprint fingerprint(Encrypted fingerprintKey, AssociatedData place) {
        return new TokenFingerprint(ring().decrypt(fingerprintKey.keyId(), fingerprintKey.ciphertext(), place));
    }

    private KeyRing ring() {
        Reading now = reading;
        long nanos = ticker.nanos();
        if (nanos - now.atNanos() > LOOK_AGAIN.toNanos()) {
            now = lookAgain(now, nanos);
            reading = now;
        }
        return now.ring();
    }

    private Reading lookAgain(Reading before, long nanos) {
        String stamp = directory.stamp();
        if (stamp.equals(before.stamp())) {
            return new Reading(before.ring(), stamp, nanos);
        }
        try {
            KeyRing ring = directory.read();
            LOG.infof("The key directory has changed: keys %s, primary %s", ring.ids(), ring.primaryId());
            return new Reading(ring, stamp, nanos);
        } catch (IllegalStateException e) {
            LOG.errorf(
                    "The key directory has changed and can't be used, the keys stay as they were: %s", e.getMessage());
            return new Reading(before.ring(), before.stamp(), nanos);
        }
    }
}
