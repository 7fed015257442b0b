package dev.tokenkeep.signin.store;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import dev.tokenkeep.signin.store.AuthorizationStore.Means;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Encrypts what a sign-in needs again, and hashes what it only compares. Each ciphertext is bound to its place. */
@Singleton
class AuthorizationEncryption {

    private static final String TABLE = "tokenkeep_authorization";

    private final TokenCipher cipher;
    private final Fingerprints fingerprints;

    AuthorizationEncryption(TokenCipher cipher, Fingerprints fingerprints) {
        this.cipher = cipher;
        this.fingerprints = fingerprints;
    }

    /** Returns the keys that this process can decrypt with. */
    Set<String> keyIds() {
        return cipher.keyIds();
    }

    void seal(AuthorizationRow row, Secrets secrets) {
        var key = cipher.forRow();
        row.keyId = key.keyId();
        row.stateHash = hash(secrets.state());
        row.verifier = key.encrypt(secrets.verifier(), place("verifier", row));
        row.nonce = key.encryptIfAny(secrets.nonce(), place("nonce", row));
        row.dpopKey = key.encryptIfAny(secrets.dpopKey(), place("dpop_key", row));
    }

    void seal(AuthorizationRow row, Means.Device device) {
        var key = cipher.forRow();
        row.keyId = key.keyId();
        row.code = key.encrypt(device.deviceCode(), place("code", row));
        row.dpopKey = key.encryptIfAny(device.dpopKey(), place("dpop_key", row));
    }

    /** Encrypts the code with the row's other secrets, because they share one key. */
    byte[] sealedWith(AuthorizationRow row, Secret code) {
        Secret verifier = verifier(row);
        Secret nonce = nonce(row);
        Secret dpopKey = dpopKey(row);
        var key = cipher.forRow();
        row.keyId = key.keyId();
        row.verifier = key.encrypt(verifier, place("verifier", row));
        row.nonce = key.encryptIfAny(nonce, place("nonce", row));
        row.dpopKey = key.encryptIfAny(dpopKey, place("dpop_key", row));
        return key.encrypt(code, place("code", row));
    }

    Secret verifier(AuthorizationRow row) {
        return cipher.decrypt(row.keyId, row.verifier, place("verifier", row));
    }

    @Nullable
    Secret nonce(AuthorizationRow row) {
        return cipher.decryptIfAny(row.keyId, row.nonce, place("nonce", row));
    }

    @Nullable
    Secret dpopKey(AuthorizationRow row) {
        return cipher.decryptIfAny(row.keyId, row.dpopKey, place("dpop_key", row));
    }

    Secret code(AuthorizationRow row) {
        return cipher.decrypt(row.keyId, row.code, place("code", row));
    }

    byte[] hash(Secret secret) {
        return fingerprints.of(secret);
    }

    /** Compares in constant time. */
    boolean isOf(byte @Nullable [] hash, Secret secret) {
        return hash != null && MessageDigest.isEqual(hash, hash(secret));
    }

    private static AssociatedData place(String column, AuthorizationRow row) {
        return new AssociatedData(TABLE, column, row.id, row.registration, 1);
    }
}
