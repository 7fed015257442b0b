package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.testing.Script.Answer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Signs ID tokens as an authorization server does, with a key that can be rotated, or wrongly. */
public final class IdTokenIssuer {

    private volatile KeyPair key = RsaKeys.generate();
    private volatile int keyNumber = 1;
    private volatile @Nullable String next;
    private volatile int jwksStatus = 200;
    private volatile int jwksRequests;
    private volatile Function<Map<String, Object>, String> signInToken = this::sign;

    /** The claims of a good one; times are epoch seconds. */
    public static Map<String, Object> claims(String issuer, String subject, long issuedAt) {
        return new TreeMap<>(Map.of(
                "iss",
                issuer,
                "sub",
                subject,
                "aud",
                ScriptedAuthorizationServer.CLIENT_ID,
                "iat",
                issuedAt,
                "exp",
                issuedAt + 300,
                "auth_time",
                1_700_000_000L,
                "nonce",
                "n-1"));
    }

    /** A compact JWS, signed RS256 with the present key. */
    public String sign(Map<String, Object> claims) {
        return sign("{\"alg\":\"RS256\",\"kid\":\"k" + keyNumber + "\"}", claims, key);
    }

    /** As {@link #sign}, with a key of somebody else's by the same name. */
    public String signWithAnothersKey(Map<String, Object> claims) {
        return sign("{\"alg\":\"RS256\",\"kid\":\"k" + keyNumber + "\"}", claims, RsaKeys.generate());
    }

    /** As {@link #sign}, with a key that is not told. */
    public String signWithAnUnknownKey(Map<String, Object> claims) {
        return sign("{\"alg\":\"RS256\",\"kid\":\"unknown\"}", claims, RsaKeys.generate());
    }

    /** With the present key under a header as it is given, in JSON. */
    public String signWithHeader(String header, Map<String, Object> claims) {
        return sign(header, claims, key);
    }

    /** With a header that promises what it likes, and the signature it deserves. */
    public String unsigned(String algorithm, Map<String, Object> claims) {
        return part("{\"alg\":\"" + algorithm + "\"}") + "." + part(json(claims)) + "."
                + (algorithm.equals("none") ? "" : part("no signature"));
    }

    /** Signs the claims of a sign-in, unless something else was told to come with them. */
    String signedIn(Map<String, Object> claims) {
        return signInToken.apply(claims);
    }

    /** How the ID tokens of sign-ins are made. */
    public void signIns(Function<Map<String, Object>, String> made) {
        signInToken = made;
    }

    /** From now on every refresh answers this ID token. */
    public void answer(String idToken) {
        next = idToken;
    }

    void none() {
        next = null;
        signInToken = this::sign;
        jwksStatus = 200;
    }

    public void rotateKey() {
        keyNumber++;
        key = RsaKeys.generate();
    }

    public void jwksAnswers(int status) {
        jwksStatus = status;
    }

    public int jwksRequests() {
        return jwksRequests;
    }

    String added(String tokenResponse) {
        String idToken = next;
        return idToken == null
                ? tokenResponse
                : tokenResponse.substring(0, tokenResponse.lastIndexOf('}')) + ",\"id_token\":\"" + idToken + "\"}";
    }

    synchronized Answer jwks() {
        jwksRequests++;
        var rsa = (RSAPublicKey) key.getPublic();
        String keys = "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"k" + keyNumber + "\",\"n\":\""
                + part(rsa.getModulus()) + "\",\"e\":\"" + part(rsa.getPublicExponent()) + "\"}]}";
        return new Answer(jwksStatus, "application/json", jwksStatus == 200 ? keys : "{}", Map.of());
    }

    private static String sign(String header, Map<String, Object> claims, KeyPair key) {
        try {
            String content = part(header) + "." + part(json(claims));
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(content.getBytes(UTF_8));
            return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String json(Map<String, Object> claims) {
        return claims.entrySet().stream()
                .map(claim -> "\"" + claim.getKey() + "\":"
                        + (claim.getValue() instanceof String text ? "\"" + text + "\"" : claim.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static String part(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
    }
}
