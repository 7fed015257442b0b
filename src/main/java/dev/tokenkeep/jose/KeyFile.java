package dev.tokenkeep.jose;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one file holds: a private key as PEM (PKCS #8) or as a JWK, certificates as PEM, or both.
 *
 * @param pair null if the file has certificates only
 */
record KeyFile(@Nullable KeyPair pair, List<X509Certificate> certificates) {

    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

    /**
     * Reads a file's content.
     *
     * @throws UnusableKeyException if it is neither, or has two keys; the message is the end of a sentence about the file
     */
    static KeyFile of(String content) throws UnusableKeyException {
        return content.strip().startsWith("{") ? jwk(content) : pem(content);
    }

    private static KeyFile jwk(String content) throws UnusableKeyException {
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(content);
            if (jwk.getPrivateKey() == null) {
                throw new UnusableKeyException("has a public key only");
            }
            List<X509Certificate> chain = jwk.getCertificateChain();
            return new KeyFile(
                    new KeyPair(jwk.getPublicKey(), jwk.getPrivateKey()),
                    chain == null ? List.of() : List.copyOf(chain));
        } catch (JoseException | RuntimeException e) {
            // Without its message, which may quote the key.
            throw new UnusableKeyException("is not a private JWK of a kind that can be used (RSA, EC or OKP)");
        }
    }

    private static KeyFile pem(String content) throws UnusableKeyException {
        KeyPair pair = null;
        var certificates = new ArrayList<X509Certificate>();
        for (MatchResult block : PEM.matcher(content).results().toList()) {
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    if (pair != null) {
                        throw new UnusableKeyException("has more than one private key");
                    }
                    pair = pair(bytes(block.group(2)));
                }
                case "CERTIFICATE" -> certificates.add(certificate(bytes(block.group(2))));
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                    throw new UnusableKeyException("is not PKCS #8; convert it with: openssl pkcs8 -topk8 -nocrypt");
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new UnusableKeyException("is encrypted; decrypt it with: openssl pkcs8");
                default -> {
                    // Such as the parameters of the curve, or the public key.
                }
            }
        }
        if (pair == null && certificates.isEmpty()) {
            throw new UnusableKeyException("is neither PEM nor a JWK");
        }
        return new KeyFile(pair, List.copyOf(certificates));
    }

    private static byte[] bytes(String base64) throws UnusableKeyException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnusableKeyException("is not valid PEM");
        }
    }

    private static KeyPair pair(byte[] pkcs8) throws UnusableKeyException {
        for (String kind : KINDS) {
            try {
                PrivateKey key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                return new KeyPair(PublicHalf.of(key), key);
            } catch (InvalidKeySpecException e) {
                // It is of another kind.
            } catch (GeneralSecurityException e) {
                break;
            }
        }
        throw new UnusableKeyException(
                "has no private key of a kind that can be used (RSA, EC P-256 to P-521, Ed25519)");
    }

    private static X509Certificate certificate(byte[] der) throws UnusableKeyException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new UnusableKeyException("has a certificate that cannot be read");
        }
    }
}
