package dev.tokenkeep.signin.store;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.fingerprint.Fingerprints;
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
        row.nonce = secrets.nonce() == null ? null : key.encrypt(secrets.nonce(), place("nonce", row));
    }

    void sealDeviceCode(AuthorizationRow row, Secret deviceCode) {
        var key = cipher.forRow();
        row.keyId = key.keyId();
        row.code = key.encrypt(deviceCode, place("code", row));
    }

    /** Encrypts the code with the row's other secrets, because they share one key. */
    byte[] sealedWith(AuthorizationRow row, Secret code) {
        Secret verifier = verifier(row);
        Secret nonce = nonce(row);
        var key = cipher.forRow();
        row.keyId = key.keyId();
        row.verifier = key.encrypt(verifier, place("verifier", row));
        row.nonce = nonce == null ? null : key.encrypt(nonce, place("nonce", row));
        return key.encrypt(code, place("code", row));
    }

    Secret verifier(AuthorizationRow row) {
        return cipher.decrypt(row.keyId, row.verifier, place("verifier", row));
    }

    @Nullable
    Secret nonce(AuthorizationRow row) {
        return row.nonce == null ? null : cipher.decrypt(row.keyId, row.nonce, place("nonce", row));
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
