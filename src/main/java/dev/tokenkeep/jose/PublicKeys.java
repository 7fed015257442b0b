package dev.tokenkeep.jose;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EcKeyUtil;
import org.jose4j.keys.RsaKeyUtil;
import org.jose4j.lang.JoseException;

/** Reads public keys as others write them. */
public final class PublicKeys {

    private static final int ED25519_BYTES = 32;

    private PublicKeys() {}

    /**
     * Reads a PEM file with an RSA key or an EC key.
     *
     * @param rsa which of them it is to be
     * @throws GeneralSecurityException if it is not
     */
    public static PublicKey ofPem(String pem, boolean rsa) throws GeneralSecurityException {
        try {
            PublicKey key = rsa ? new RsaKeyUtil().fromPemEncoded(pem) : new EcKeyUtil().fromPemEncoded(pem);
            if (key == null) {
                throw new GeneralSecurityException("no PEM");
            }
            return key;
        } catch (JoseException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /**
     * Reads an Ed25519 key (RFC 8032 §5.1.5).
     *
     * @throws GeneralSecurityException if it is none
     */
    public static PublicKey ofEd25519(byte[] key) throws GeneralSecurityException {
        if (key.length != ED25519_BYTES) {
            throw new GeneralSecurityException("wrong length");
        }
        try {
            String x = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
            return PublicJsonWebKey.Factory.newPublicJwk(Map.of("kty", "OKP", "crv", "Ed25519", "x", x))
                    .getPublicKey();
        } catch (JoseException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
