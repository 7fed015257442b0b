package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognises a refresh token without opening any: HMAC-SHA-256 under a key of its own, one for the database's whole life,
 * so that the rotation of encryption keys never hides a token that is kept. Immutable, thread-safe.
 */
public final class TokenFingerprint {

    private static final String ALGORITHM = "HmacSHA256";

    /** Has the key, and is never fed: each fingerprint is a copy's. */
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
            throw new IllegalStateException(ALGORITHM + " can't be copied", e);
        }
    }
}
