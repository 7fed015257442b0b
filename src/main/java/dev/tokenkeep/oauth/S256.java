package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The hash of PKCE (RFC 7636 §4.2), of access tokens in DPoP proofs (RFC 9449 §4.2), and of certificates (RFC 8705 §3.1). */
public final class S256 {

    private S256() {}

    /** Returns the base64url SHA-256 of an ASCII text. */
    public static String of(String text) {
        return of(text.getBytes(US_ASCII));
    }

    /** Returns the base64url SHA-256. */
    public static String of(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
