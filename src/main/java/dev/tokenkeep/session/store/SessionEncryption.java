package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.RowCipher;
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

    /** What is encrypted together, since it shares one key. */
    private record Plain(
            Secret refreshToken,
            @Nullable Secret accessToken,
            @Nullable Secret idToken,
            @Nullable Secret dpopKey) {}

    EncryptedTokens seal(String id, String registration, long version, TokenSet tokens) {
        var plain = new Plain(
                tokens.refresh().token(),
                tokens.access().token(),
                tokens.idToken(),
                tokens.refresh().dpopKey());
        return seal(id, registration, version, plain);
    }

    /** Encrypts the row's tokens at its version with another ID token. */
    EncryptedTokens withIdToken(SessionRow row, @Nullable Secret idToken) {
        return seal(row, new Plain(refreshToken(row), accessToken(row), idToken, dpopKey(row)));
    }

    /** Encrypts the row's refresh token at its version with another access token, and a new ID token if any. */
    EncryptedTokens withAccessToken(SessionRow row, TokenSet tokens) {
        Secret idToken = tokens.idToken() == null ? idToken(row) : tokens.idToken();
        return seal(row, new Plain(refreshToken(row), tokens.access().token(), idToken, dpopKey(row)));
    }

    /** Encrypts the row's tokens at its version with a key that they will be bound to. */
    EncryptedTokens withDpopKey(SessionRow row, Secret dpopKey) {
        return seal(row, new Plain(refreshToken(row), accessToken(row), idToken(row), dpopKey));
    }

    private EncryptedTokens seal(SessionRow row, Plain plain) {
        return seal(row.id, row.registration, row.rtVersion, plain);
    }

    private EncryptedTokens seal(String id, String registration, long version, Plain plain) {
        var row = cipher.forRow();
        return new EncryptedTokens(
                row.keyId(),
                row.encrypt(plain.refreshToken(), place("refresh_token", id, registration, version)),
                encrypt(row, plain.accessToken(), place("access_token", id, registration, version)),
                encrypt(row, plain.idToken(), place("id_token", id, registration, version)),
                encrypt(row, plain.dpopKey(), place("dpop_key", id, registration, version)));
    }

    private static byte @Nullable [] encrypt(RowCipher row, @Nullable Secret plain, AssociatedData place) {
        return plain == null ? null : row.encrypt(plain, place);
    }

    /**
     * Re-encrypts the row's tokens at its version, with the key that encrypts now.
     *
     * @throws dev.tokenkeep.crypto.UndecryptableException if one of them cannot be decrypted
     */
    EncryptedTokens resealed(SessionRow row) {
        return seal(row, new Plain(refreshToken(row), accessToken(row), idToken(row), dpopKey(row)));
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
        return decrypt(row, row.accessToken, "access_token");
    }

    @Nullable
    Secret idToken(SessionRow row) {
        return decrypt(row, row.idToken, "id_token");
    }

    @Nullable
    Secret dpopKey(SessionRow row) {
        return decrypt(row, row.dpopKey, "dpop_key");
    }

    private @Nullable Secret decrypt(SessionRow row, byte @Nullable [] ciphertext, String column) {
        return ciphertext == null ? null : cipher.decrypt(row.keyId, ciphertext, place(column, row));
    }

    private static AssociatedData place(String column, SessionRow row) {
        return place(column, row.id, row.registration, row.rtVersion);
    }

    private static AssociatedData place(String column, String id, String registration, long version) {
        return new AssociatedData(SESSION, column, id, registration, version);
    }
}
