package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import org.jspecify.annotations.Nullable;

/** Encrypts the columns of one row, all with the same key. */
public final class RowCipher {

    private final KeyRing ring;
    private final String keyId;
    private final EncryptionMetrics metrics;

    RowCipher(KeyRing ring, String keyId, EncryptionMetrics metrics) {
        this.ring = ring;
        this.keyId = keyId;
        this.metrics = metrics;
    }

    public String keyId() {
        return keyId;
    }

    public byte[] encrypt(Secret token, AssociatedData place) {
        return encrypt(token.reveal().getBytes(UTF_8), place);
    }

    /** Returns null for null. */
    public byte @Nullable [] encryptIfAny(@Nullable Secret token, AssociatedData place) {
        return token == null ? null : encrypt(token, place);
    }

    /**
     * Re-encrypts what another key has encrypted, for the same place.
     *
     * @throws UndecryptableException if that key is missing or the ciphertext does not belong to this place
     */
    public byte[] reencrypt(String formerKeyId, byte[] ciphertext, AssociatedData place) {
        return encrypt(ring.decrypt(formerKeyId, ciphertext, place), place);
    }

    byte[] encrypt(byte[] plaintext, AssociatedData place) {
        byte[] ciphertext = ring.encrypt(keyId, plaintext, place);
        metrics.encrypted(keyId);
        return ciphertext;
    }
}
