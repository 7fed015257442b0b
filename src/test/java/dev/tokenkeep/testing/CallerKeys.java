package dev.tokenkeep.testing;

import io.smallrye.jwt.build.Jwt;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Base64;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Signs callers' JWTs as their issuer would; the key pair is made anew in every process. */
public final class CallerKeys {

    public static final String ISSUER = "https://issuer.test";
    public static final String AUDIENCE = "tokenkeep";

    private static final KeyPair PAIR = RsaKeys.generate();

    private CallerKeys() {}

    /** PEM, as {@code mp.jwt.verify.publickey} wants it. */
    public static String publicKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(PAIR.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** What signs the JWTs that are good. */
    public static PrivateKey privateKey() {
        return PAIR.getPrivate();
    }

    /** A JWT that is good for ten minutes. */
    public static String token(String subject) {
        return token(subject, ISSUER, AUDIENCE, Duration.ofMinutes(10));
    }

    public static String token(String subject, String issuer, String audience, Duration lifetime) {
        return Jwt.subject(subject)
                .issuer(issuer)
                .audience(audience)
                .expiresIn(lifetime)
                .sign(PAIR.getPrivate());
    }

    /** Of claims as they are, which need not be any that a JWT may have. */
    public static String sign(String claims) {
        var jws = new JsonWebSignature();
        jws.setPayload(claims);
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        jws.setHeader("typ", "JWT");
        jws.setKey(PAIR.getPrivate());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
