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

    private final SecretKeySpec key;

    TokenFingerprint(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    public byte[] of(Secret token) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(token.reveal().getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is not available", e);
        }
    }
}
