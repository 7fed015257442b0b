package dev.tokenkeep.session.revocation;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.oauth.Secret;
import jakarta.inject.Singleton;

/** Encrypts and decrypts refresh tokens that wait to be revoked. Each ciphertext is bound to its place. */
@Singleton
class RevocationEncryption {

    private static final String TABLE = "tokenkeep_revocation";

    private final TokenCipher cipher;

    RevocationEncryption(TokenCipher cipher) {
        this.cipher = cipher;
    }

    void seal(RevocationRow row, Secret refreshToken) {
        var rowCipher = cipher.forRow();
        row.keyId = rowCipher.keyId();
        row.refreshToken = rowCipher.encrypt(refreshToken, place(row));
    }

    void reseal(RevocationRow row) {
        var anew = cipher.forRow();
        row.refreshToken = anew.reencrypt(row.keyId, row.refreshToken, place(row));
        row.keyId = anew.keyId();
    }

    Secret refreshToken(RevocationRow row) {
        return cipher.decrypt(row.keyId, row.refreshToken, place(row));
    }

    private static AssociatedData place(RevocationRow row) {
        return new AssociatedData(
                TABLE, "refresh_token", row.sessionId + "/" + row.id, row.registration, row.rtVersion);
    }
}
