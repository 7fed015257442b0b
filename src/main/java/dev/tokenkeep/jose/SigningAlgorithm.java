package dev.tokenkeep.jose;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A signature algorithm by its name in the JOSE registry (RFC 7518 §3.1, RFC 8037 §3.1). */
public enum SigningAlgorithm {
    RS256("RS256", Family.RSA, 2048),
    RS384("RS384", Family.RSA, 2048),
    RS512("RS512", Family.RSA, 2048),
    PS256("PS256", Family.RSA, 2048),
    PS384("PS384", Family.RSA, 2048),
    PS512("PS512", Family.RSA, 2048),
    ES256("ES256", Family.EC, 256),
    ES384("ES384", Family.EC, 384),
    ES512("ES512", Family.EC, 521),
    EDDSA("EdDSA", Family.ED25519, 255),
    HS256("HS256", Family.SECRET, 256),
    HS384("HS384", Family.SECRET, 384),
    HS512("HS512", Family.SECRET, 512);

    private enum Family {
        RSA,
        EC,
        ED25519,
        SECRET
    }

    private final String registeredName;
    private final Family family;
    /** The exact size of an elliptic curve, and the least size of everything else. */
    private final int bits;

    SigningAlgorithm(String registeredName, Family family, int bits) {
        this.registeredName = registeredName;
        this.family = family;
        this.bits = bits;
    }

    public String registeredName() {
        return registeredName;
    }

    public static Optional<SigningAlgorithm> named(String name) {
        return Arrays.stream(values())
                .filter(one -> one.registeredName.equals(name))
                .findFirst();
    }

    /** Returns the names for {@code client_secret_jwt}, or for {@code private_key_jwt}. */
    public static String names(boolean bySecret) {
        return Arrays.stream(values())
                .filter(one -> one.isBySecret() == bySecret)
                .map(SigningAlgorithm::registeredName)
                .collect(Collectors.joining(", "));
    }

    /** Returns the algorithm that most servers know for such a key; empty if there is none. */
    public static Optional<SigningAlgorithm> usualFor(PublicKey key) {
        return Arrays.stream(values()).filter(one -> one.fits(key)).findFirst();
    }

    /** Returns whether a secret makes the signature, and no key pair. */
    public boolean isBySecret() {
        return family == Family.SECRET;
    }

    /** Returns how many bytes a secret must have at least (RFC 7518 §3.2). */
    public int secretBytes() {
        return bits / 8;
    }

    public boolean fits(PublicKey key) {
        return switch (family) {
            case RSA -> key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= bits;
            case EC ->
                key instanceof ECPublicKey ec
                        && ec.getParams().getCurve().getField().getFieldSize() == bits;
            case ED25519 ->
                key instanceof EdECPublicKey edwards
                        && edwards.getParams().getName().equals("Ed25519");
            case SECRET -> false;
        };
    }
}
