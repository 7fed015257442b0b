package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Encrypts and decrypts the tokens and the DPoP key of a row. Each ciphertext is bound to its place. */
@Singleton
class SessionEncryption {

    private static final String SESSION = "tokenkeep_session";

    private final TokenCipher cipher;

    SessionEncryption(TokenCipher cipher) {
        this.cipher = cipher;
    }

    /** The secrets of a row. One encryption key encrypts them all. */
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

    /** Encrypts the result of a refresh. If it was claimed before the row had its key, the key stays. */
    EncryptedTokens sealNext(SessionRow row, TokenSet tokens) {
        EncryptedTokens sealed = seal(row.id, row.registration, row.rtVersion + 1, tokens);
        if (sealed.dpopKey() != null || row.dpopKey == null || !sealed.keyId().equals(row.keyId)) {
            return sealed;
        }
        // It is not bound to a version.
        return new EncryptedTokens(
                sealed.keyId(), sealed.refreshToken(), sealed.accessToken(), sealed.idToken(), row.dpopKey);
    }

    /**
     * Returns the tokens with the access token that the row has. If its key is not here any more, they go without: nothing
     * may keep a refresh token from being stored. The session is then due at once.
     */
    TokenSet withOwnAccessToken(SessionRow row, TokenSet tokens, Instant now) {
        Secret accessToken;
        try {
            accessToken = accessToken(row);
        } catch (UndecryptableException e) {
            accessToken = null;
        }
        var own = new TokenSet.AccessToken(
                accessToken,
                row.tokenType,
                row.accessTokenObtainedAt,
                accessToken == null ? null : row.accessTokenExpiresAt,
                true,
                RowView.toldLifetime(row),
                null,
                row.scope);
        return new TokenSet(
                tokens.refresh(),
                own,
                tokens.idToken(),
                tokens.otherSubject(),
                accessToken == null ? now : tokens.refreshDueAt(),
                tokens.notBefore());
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

    /** Encrypts the row's tokens at its version with a DPoP key. */
    EncryptedTokens withDpopKey(SessionRow row, @Nullable Secret dpopKey) {
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
                row.encryptIfAny(plain.accessToken(), place("access_token", id, registration, version)),
                row.encryptIfAny(plain.idToken(), place("id_token", id, registration, version)),
                row.encryptIfAny(plain.dpopKey(), placeOfKey(id, registration)));
    }

    /**
     * Re-encrypts the row's tokens at its version, with the key that encrypts now.
     *
     * @throws dev.tokenkeep.crypto.UndecryptableException if one of them cannot be decrypted
     */
    EncryptedTokens resealed(SessionRow row) {
        return withDpopKey(row, dpopKey(row));
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
        return cipher.decryptIfAny(row.keyId, row.accessToken, place("access_token", row));
    }

    @Nullable
    Secret idToken(SessionRow row) {
        return cipher.decryptIfAny(row.keyId, row.idToken, place("id_token", row));
    }

    @Nullable
    Secret dpopKey(SessionRow row) {
        return cipher.decryptIfAny(row.keyId, row.dpopKey, placeOfKey(row.id, row.registration));
    }

    private static AssociatedData place(String column, SessionRow row) {
        return place(column, row.id, row.registration, row.rtVersion);
    }

    /** The key stays over all versions, also those that a replica of the version before has written. */
    private static AssociatedData placeOfKey(String id, String registration) {
        return place("dpop_key", id, registration, 0);
    }

    private static AssociatedData place(String column, String id, String registration, long version) {
        return new AssociatedData(SESSION, column, id, registration, version);
    }
}
