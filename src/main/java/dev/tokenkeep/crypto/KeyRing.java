package dev.tokenkeep.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.XAesGcmKey;
import com.google.crypto.tink.aead.XAesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys of one read of the directory, and keys of earlier reads whose files were removed. Uses XAES-256-GCM, whose
 * random 192-bit nonces never wear a key out. Immutable, thread-safe.
 */
final class KeyRing {

    static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 12;

    private static final byte[] PROBE = {};

    private final Map<String, Aead> aeads;
    private final Set<String> idsInDirectory;
    private final String primaryId;

    private KeyRing(Map<String, Aead> aeads, Set<String> idsInDirectory, String primaryId) {
        this.aeads = aeads;
        this.idsInDirectory = idsInDirectory;
        this.primaryId = primaryId;
    }

    /** Makes a ring. {@code primaryId} is one of the keys' ids, and every key has {@link #KEY_BYTES}. */
    static KeyRing of(Map<String, byte[]> keys, String primaryId) {
        var aeads = new LinkedHashMap<String, Aead>();
        keys.forEach((id, bytes) -> aeads.put(id, aead(bytes)));
        return new KeyRing(Map.copyOf(aeads), Set.copyOf(keys.keySet()), primaryId);
    }

    /**
     * Returns this ring with everything else that {@code before} can decrypt.
     *
     * @throws IllegalStateException if an id now has another key: the former key's rows could not be decrypted any more
     */
    KeyRing retaining(KeyRing before) {
        var all = new TreeMap<>(before.aeads);
        aeads.forEach((id, aead) -> {
            Aead former = all.put(id, aead);
            if (former != null && !same(former, aead)) {
                throw new IllegalStateException(
                        "The file of key " + id + " now has a different key; give a new key a new id");
            }
        });
        return new KeyRing(Map.copyOf(all), idsInDirectory, primaryId);
    }

    private static boolean same(Aead one, Aead other) {
        try {
            other.decrypt(one.encrypt(PROBE, PROBE), PROBE);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @AccessesPartialKey
    private static Aead aead(byte[] bytes) {
        try {
            AeadConfig.register();
            var key = XAesGcmKey.create(
                    XAesGcmParameters.create(XAesGcmParameters.Variant.NO_PREFIX, SALT_BYTES),
                    SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()),
                    null);
            return KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                    .build()
                    .getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("XAES-256-GCM is not available", e);
        }
    }

    String primaryId() {
        return primaryId;
    }

    Set<String> ids() {
        return aeads.keySet();
    }

    Set<String> idsInDirectory() {
        return idsInDirectory;
    }

    byte[] encrypt(String keyId, byte[] plaintext, AssociatedData associatedData) {
        try {
            return aead(keyId).encrypt(plaintext, associatedData.bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Encryption failed with key " + keyId, e);
        }
    }

    byte[] decrypt(String keyId, byte[] ciphertext, AssociatedData associatedData) {
        try {
            return aead(keyId).decrypt(ciphertext, associatedData.bytes());
        } catch (GeneralSecurityException e) {
            throw new UndecryptableException("A ciphertext does not match key " + keyId + " and its associated data");
        }
    }

    private Aead aead(String keyId) {
        Aead aead = aeads.get(keyId);
        if (aead == null) {
            throw new UndecryptableException("Key " + keyId + " is not in the key directory");
        }
        return aead;
    }
}
