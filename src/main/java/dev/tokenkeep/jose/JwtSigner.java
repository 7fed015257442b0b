package dev.tokenkeep.jose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.jose.SigningKeys.SigningKey;
import dev.tokenkeep.oauth.Secret;
import java.security.Key;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Signs JWTs (RFC 7515). */
public final class JwtSigner {

    private JwtSigner() {}

    /**
     * Signs with a private key. The header names the key, and its certificate if there is one.
     *
     * @param type the header {@code typ}
     */
    public static String sign(Map<String, Object> claims, String type, SigningAlgorithm algorithm, SigningKey key) {
        JsonWebSignature jws = unsigned(claims, type, algorithm, key.privateKey());
        jws.setKeyIdHeaderValue(key.id());
        if (!key.certificates().isEmpty()) {
            jws.setX509CertSha256ThumbprintHeaderValue(key.certificates().get(0));
        }
        return signed(jws);
    }

    /** Returns whether the public half of the key verifies what its private half signs. */
    public static boolean works(SigningAlgorithm algorithm, SigningKey key) {
        try {
            var signed = new JsonWebSignature();
            signed.setCompactSerialization(sign(Map.of("jti", "probe"), "JWT", algorithm, key));
            signed.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, algorithm.registeredName()));
            signed.setKey(key.publicKey());
            return signed.verifySignature();
        } catch (JoseException | RuntimeException e) {
            return false;
        }
    }

    /** Signs with a secret, whose UTF-8 octets are the key (OpenID Connect Core 1.0 §10.1). */
    public static String sign(Map<String, Object> claims, String type, SigningAlgorithm algorithm, Secret secret) {
        return signed(
                unsigned(claims, type, algorithm, new HmacKey(secret.reveal().getBytes(UTF_8))));
    }

    /** Signs with a P-256 key pair. The header has its public half (RFC 9449 §4.2). */
    static String sign(Map<String, Object> claims, String type, PublicJsonWebKey pair) {
        JsonWebSignature jws = unsigned(claims, type, SigningAlgorithm.ES256, pair.getPrivateKey());
        jws.getHeaders().setJwkHeaderValue("jwk", pair);
        return signed(jws);
    }

    private static JsonWebSignature unsigned(
            Map<String, Object> claims, String type, SigningAlgorithm algorithm, Key key) {
        var payload = new JwtClaims();
        claims.forEach(payload::setClaim);
        var jws = new JsonWebSignature();
        jws.setPayload(payload.toJson());
        jws.setHeader("typ", type);
        jws.setAlgorithmHeaderValue(algorithm.registeredName());
        jws.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, algorithm.registeredName()));
        jws.setKey(key);
        return jws;
    }

    /** @throws IllegalStateException if the key does not fit the algorithm, which was checked before */
    private static String signed(JsonWebSignature jws) {
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(
                    "A JWT cannot be signed: " + e.getClass().getName());
        }
    }
}
