package dev.tokenkeep.jose;

import com.google.crypto.tink.internal.EllipticCurvesUtil;
import com.google.crypto.tink.subtle.Ed25519Sign;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;

/** Finds the public key of a private key: a PEM file need not have it, and the JDK does not compute it. */
final class PublicHalf {

    private PublicHalf() {}

    /** @throws GeneralSecurityException if there is none, or it cannot be computed */
    static PublicKey of(PrivateKey key) throws GeneralSecurityException {
        if (key instanceof RSAPrivateCrtKey rsa) {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
        }
        if (key instanceof ECPrivateKey ec) {
            var point = EllipticCurvesUtil.multiplyByGenerator(ec.getS(), ec.getParams());
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, ec.getParams()));
        }
        if (key instanceof EdECPrivateKey edwards
                && edwards.getParams().getName().equals("Ed25519")) {
            byte[] seed = edwards.getBytes().orElseThrow(() -> new GeneralSecurityException("no seed"));
            return PublicKeys.ofEd25519(
                    Ed25519Sign.KeyPair.newKeyPairFromSeed(seed).getPublicKey());
        }
        throw new GeneralSecurityException("unknown kind");
    }
}
