package dev.tokenkeep.jose;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.jose.SigningKeys.SigningKey;
import dev.tokenkeep.oauth.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jose4j.base64url.Base64Url;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwx.CompactSerializer;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Signs JWTs (RFC 7515). */
public final class JwtSigner {

    private JwtSigner() {}

    /**
     * Signs with a private key. The header names the key, and its certificate if there is one.
     *
     * @param type the header {@code typ}
     * @return empty if the key cannot sign now; never completes exceptionally
     */
    public static CompletionStage<Optional<String>> sign(
            Map<String, Object> claims, String type, SigningAlgorithm algorithm, SigningKey key) {
        JsonWebSignature jws = unsigned(claims, type, algorithm);
        jws.setKeyIdHeaderValue(key.id());
        if (!key.certificates().isEmpty()) {
            jws.setX509CertSha256ThumbprintHeaderValue(key.certificates().get(0));
        }
        String input = CompactSerializer.serialize(jws.getHeaders().getEncodedHeader(), jws.getEncodedPayload());
        return key.signer()
                .sign(algorithm, input.getBytes(US_ASCII))
                .thenApply(signed ->
                        signed.map(signature -> CompactSerializer.serialize(input, Base64Url.encode(signature))));
    }

    /**
     * Returns whether the public half of the key verifies what its private half signs. A private half in another process
     * is not asked.
     */
    public static boolean works(SigningAlgorithm algorithm, SigningKey key) {
        if (!(key.signer() instanceof PrivateKeySigner)) {
            return true;
        }
        try {
            String probe = sign(Map.of("jti", "probe"), "JWT", algorithm, key)
                    .toCompletableFuture()
                    .join()
                    .orElseThrow();
            var signed = new JsonWebSignature();
            signed.setCompactSerialization(probe);
            signed.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, algorithm.registeredName()));
            signed.setKey(key.publicKey());
            return signed.verifySignature();
        } catch (JoseException | RuntimeException e) {
            return false;
        }
    }

    /** Signs with a secret, whose UTF-8 octets are the key (OpenID Connect Core 1.0 §10.1). */
    public static String sign(Map<String, Object> claims, String type, SigningAlgorithm algorithm, Secret secret) {
        JsonWebSignature jws = unsigned(claims, type, algorithm);
        jws.setKey(new HmacKey(secret.reveal().getBytes(UTF_8)));
        return signed(jws);
    }

    /** Signs with a P-256 key pair. The header has its public half (RFC 9449 §4.2). */
    static String sign(Map<String, Object> claims, String type, PublicJsonWebKey pair) {
        JsonWebSignature jws = unsigned(claims, type, SigningAlgorithm.ES256);
        jws.setKey(pair.getPrivateKey());
        jws.getHeaders().setJwkHeaderValue("jwk", pair);
        return signed(jws);
    }

    private static JsonWebSignature unsigned(Map<String, Object> claims, String type, SigningAlgorithm algorithm) {
        var payload = new JwtClaims();
        claims.forEach(payload::setClaim);
        var jws = new JsonWebSignature();
        jws.setPayload(payload.toJson());
        jws.setHeader("typ", type);
        jws.setAlgorithmHeaderValue(algorithm.registeredName());
        jws.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, algorithm.registeredName()));
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
