package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognises a refresh token without decrypting any. Uses HMAC-SHA-256 under its own key, one for the database's whole
 * life, so that the rotation of encryption keys never hides a stored token. Immutable, thread-safe.
 */
public final class TokenFingerprint {

    private static final String ALGORITHM = "HmacSHA256";

    /** Holds the key and gets no input: a copy makes each fingerprint. */
    private final Mac keyed;

    TokenFingerprint(byte[] key) {
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is not available", e);
        }
    }

    public byte[] of(Secret token) {
        try {
            return ((Mac) keyed.clone()).doFinal(token.reveal().getBytes(UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(ALGORITHM + " cannot be copied", e);
        }
    }
}
