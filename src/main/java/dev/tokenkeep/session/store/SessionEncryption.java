package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Encrypts and decrypts the token columns. Each ciphertext is bound to its place. */
@Singleton
class SessionEncryption {

    private static final String SESSION = "tokenkeep_session";

    private final TokenCipher cipher;

    SessionEncryption(TokenCipher cipher) {
        this.cipher = cipher;
    }

    EncryptedTokens seal(String id, String registration, long version, TokenSet tokens) {
        return seal(
                id,
                registration,
                version,
                tokens.refresh().token(),
                tokens.access().token(),
                tokens.idToken());
    }

    /** Encrypts the row's tokens at its version with another ID token; all of them, since they share one key. */
    EncryptedTokens withIdToken(SessionRow row, @Nullable Secret idToken) {
        return seal(row.id, row.registration, row.rtVersion, refreshToken(row), accessToken(row), idToken);
    }

    /** Encrypts the row's refresh token at its version with another access token, and a new ID token if any. */
    EncryptedTokens withAccessToken(SessionRow row, TokenSet tokens) {
        Secret idToken = tokens.idToken() == null ? idToken(row) : tokens.idToken();
        return seal(
                row.id,
                row.registration,
                row.rtVersion,
                refreshToken(row),
                tokens.access().token(),
                idToken);
    }

    private EncryptedTokens seal(
            String id,
            String registration,
            long version,
            Secret refreshToken,
            @Nullable Secret accessToken,
            @Nullable Secret idToken) {
        var row = cipher.forRow();
        return new EncryptedTokens(
                row.keyId(),
                row.encrypt(refreshToken, place("refresh_token", id, registration, version)),
                accessToken == null ? null : row.encrypt(accessToken, place("access_token", id, registration, version)),
                idToken == null ? null : row.encrypt(idToken, place("id_token", id, registration, version)));
    }

    /**
     * Re-encrypts the row's tokens at its version, with the key that encrypts now.
     *
     * @throws dev.tokenkeep.crypto.UndecryptableException if one of them cannot be decrypted
     */
    EncryptedTokens resealed(SessionRow row) {
        var anew = cipher.forRow();
        return new EncryptedTokens(
                anew.keyId(),
                anew.reencrypt(row.keyId, row.refreshToken, place("refresh_token", row)),
                row.accessToken == null ? null : anew.reencrypt(row.keyId, row.accessToken, place("access_token", row)),
                row.idToken == null ? null : anew.reencrypt(row.keyId, row.idToken, place("id_token", row)));
    }

    /** Returns whether this process has the row's key. */
    boolean canDecrypt(SessionRow row) {
        return cipher.keyIds().contains(row.keyId);
    }

    Secret refreshToken(SessionRow row) {
        return cipher.decrypt(row.keyId, row.refreshToken, place("refresh_token", row));
    }

    @Nullable
    Secret accessToken(SessionRow row) {
        return row.accessToken == null ? null : cipher.decrypt(row.keyId, row.accessToken, place("access_token", row));
    }

    @Nullable
    Secret idToken(SessionRow row) {
        return row.idToken == null ? null : cipher.decrypt(row.keyId, row.idToken, place("id_token", row));
    }

    private static AssociatedData place(String column, SessionRow row) {
        return place(column, row.id, row.registration, row.rtVersion);
    }

    private static AssociatedData place(String column, String id, String registration, long version) {
        return new AssociatedData(SESSION, column, id, registration, version);
    }
}
