package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Compares {@code at_hash} with the access token (OpenID Connect Core 1.0 §3.1.3.6). */
final class AccessTokenHash {

    private AccessTokenHash() {}

    /**
     * Returns whether the hash is this access token's, or there is none to compare. The algorithm of the ID token's
     * signature names the hash function.
     */
    static boolean matches(@Nullable String hash, Secret idToken, @Nullable Secret accessToken) {
        if (hash == null || accessToken == null) {
            return true;
        }
        try {
            byte[] whole = MessageDigest.getInstance(
                            function(JwtPayload.algorithm(idToken).orElse("")))
                    .digest(accessToken.reveal().getBytes(US_ASCII));
            String left =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, whole.length / 2));
            return MessageDigest.isEqual(left.getBytes(US_ASCII), hash.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A hash function is missing", e);
        }
    }

    private static String function(String algorithm) {
        // Ed25519 hashes with SHA-512.
        if (algorithm.endsWith("512") || algorithm.equals("EdDSA")) {
            return "SHA-512";
        }
        return algorithm.endsWith("384") ? "SHA-384" : "SHA-256";
    }
}
