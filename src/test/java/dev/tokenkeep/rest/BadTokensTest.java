package dev.tokenkeep.rest;

import static dev.tokenkeep.testing.CallerKeys.AUDIENCE;
import static dev.tokenkeep.testing.CallerKeys.ISSUER;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.problem.Json;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.RsaKeys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a caller's JWT, it opens nothing. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class BadTokensTest {

    private static final KeyPair ANOTHER = RsaKeys.generate();
    private static final String GOOD = CallerKeys.token("sub-all");

    private static JwtClaimsBuilder claims() {
        return Jwt.subject("sub-all").issuer(ISSUER).audience(AUDIENCE).expiresIn(300);
    }

    private static String signed(JwtClaimsBuilder claims) {
        return claims.sign(CallerKeys.privateKey());
    }

    static Stream<Arguments> isRefused() throws JoseException {
        long now = Instant.now().getEpochSecond();
        var bad = new LinkedHashMap<String, String>();
        bad.put("alg none", unsigned("none"));
        bad.put("alg None", unsigned("None"));
        bad.put("no alg", encoded("{}") + "." + payload() + ".");
        bad.put("HS256 by the public key's PEM", hmac(CallerKeys.publicKey().getBytes(UTF_8)));
        bad.put("HS256 by the public key's bytes", hmac(der()));
        bad.put(
                "RS512, which is not the one that is pinned",
                claims().jws().algorithm(SignatureAlgorithm.RS512).sign(CallerKeys.privateKey()));
        bad.put("PS256", claims().jws().algorithm(SignatureAlgorithm.PS256).sign(CallerKeys.privateKey()));
        bad.put(
                "ES256 by a key of its own",
                claims().jws()
                        .algorithm(SignatureAlgorithm.ES256)
                        .sign(ellipticPair().getPrivate()));
        bad.put("another key", claims().sign(ANOTHER.getPrivate()));
        bad.put("another key that it brings along", withItsOwnKey());
        bad.put("a critical header that nobody knows", withHeader("crit", new String[] {"urn:unknown"}));
        bad.put("another issuer", signed(claims().issuer("https://another.issuer")));
        bad.put(
                "no issuer",
                signed(Jwt.subject("sub-all").issuer("").audience(AUDIENCE).expiresIn(300)));
        bad.put("another audience", signed(claims().audience("another")));
        bad.put("several audiences, none of them ours", signed(claims().audience(Set.of("a", "b"))));
        bad.put("expired", signed(claims().issuedAt(now - 600).expiresAt(now - 60)));
        bad.put(
                "expired longer ago than clocks differ",
                signed(claims().issuedAt(now - 600).expiresAt(now - 15)));
        bad.put("issued after it expires", signed(claims().issuedAt(now + 3600).expiresAt(now + 300)));
        bad.put("not yet valid", signed(claims().claim("nbf", now + 120)));
        bad.put("no expiry", bare(Map.of("sub", "sub-all", "iss", ISSUER, "aud", AUDIENCE, "iat", now)));
        bad.put(
                "an expiry that is none",
                bare(Map.of("sub", "sub-all", "iss", ISSUER, "aud", AUDIENCE, "iat", now, "exp", "tomorrow")));
        bad.put("no subject", bare(Map.of("iss", ISSUER, "aud", AUDIENCE, "iat", now, "exp", now + 300)));
        bad.put("oversized", signed(claims().claim("padding", "x".repeat(13_000))));
        bad.put("another payload", GOOD.split("\\.")[0] + "." + payload() + "." + GOOD.split("\\.")[2]);
        bad.put("a signature cut off", GOOD.substring(0, GOOD.length() - 10));
        bad.put("no signature", GOOD.substring(0, GOOD.lastIndexOf('.') + 1));
        bad.put("encrypted", "a.b.c.d.e");
        bad.put("no JWT", "nonsense");
        return bad.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void isRefused(String what, String token) {
        String body = given().header("Authorization", "Bearer " + token)
                .get("/v1/sessions")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:unauthorized"))
                .extract()
                .asString();
        assertThat(body).as(what).doesNotContain("exp", "nbf", "claim", "signature");
    }

    @Test
    void twoCredentialsAreNoCredential() {
        given().header("Authorization", "Bearer " + GOOD, "Bearer " + signed(claims()))
                .get("/v1/sessions")
                .then()
                .statusCode(400)
                .body("member", equalTo("Authorization"));
    }

    @Test
    void aTokenIsTakenFromTheHeaderAlone() {
        given().get("/v1/sessions?access_token=" + GOOD).then().statusCode(401);
        given().cookie("Bearer", GOOD).get("/v1/sessions").then().statusCode(401);
        given().header("Authorization", "Basic " + Base64.getEncoder().encodeToString(GOOD.getBytes(UTF_8)))
                .get("/v1/sessions")
                .then()
                .statusCode(401);
    }

    @Test
    void aGoodOneIsNot() {
        given().header("Authorization", "Bearer " + GOOD)
                .get("/v1/sessions")
                .then()
                .statusCode(200);
        given().header(
                        "Authorization",
                        "Bearer "
                                + signed(claims().issuedAt(Instant.now().getEpochSecond() - 60)
                                        .expiresAt(Instant.now().getEpochSecond() - 3)))
                .get("/v1/sessions")
                .then()
                .statusCode(200);
    }

    @Test
    void whoeverIsInAGroupOrHasAScopeIsThatCaller() {
        listedBy(claims().subject("a").groups("readers"), 200);
        listedBy(claims().subject("a").claim("scope", "openid sessions.list"), 200);
        listedBy(claims().subject("a").claim("scp", Set.of("sessions.list")), 200);
        listedBy(claims().subject("a").groups(Set.of("others", "sessions.list")), 403);
        listedBy(claims().subject("a").claim("scope", "sessions.list.all readers"), 403);
        // A session belongs to one caller: who could be two is none.
        listedBy(claims().subject("a").groups("readers").claim("scope", "sessions.list"), 403);
        listedBy(claims().groups("readers").claim("scope", "sessions.list"), 200);
    }

    private static void listedBy(JwtClaimsBuilder claims, int status) {
        given().header("Authorization", "Bearer " + signed(claims))
                .get("/v1/sessions")
                .then()
                .statusCode(status);
    }

    private static String unsigned(String algorithm) {
        return encoded("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}") + "." + payload() + ".";
    }

    private static String payload() {
        long now = Instant.now().getEpochSecond();
        return encoded("{\"sub\":\"sub-all\",\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"iat\":" + now
                + ",\"exp\":" + (now + 301) + "}");
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static String hmac(byte[] key) {
        return claims().jws().algorithm(SignatureAlgorithm.HS256).sign(new SecretKeySpec(key, "HmacSHA256"));
    }

    private static byte[] der() {
        return Base64.getMimeDecoder().decode(CallerKeys.publicKey().replaceAll("-----[A-Z ]+-----", ""));
    }

    private static String withItsOwnKey() throws JoseException {
        var jws = new JsonWebSignature();
        jws.setHeader("jwk", new RsaJsonWebKey((java.security.interfaces.RSAPublicKey) ANOTHER.getPublic()));
        return completed(jws, ANOTHER);
    }

    private static String withHeader(String name, Object value) throws JoseException {
        var jws = new JsonWebSignature();
        jws.getHeaders().setObjectHeaderValue(name, value);
        return completed(jws, new KeyPair(null, CallerKeys.privateKey()));
    }

    private static String completed(JsonWebSignature jws, KeyPair pair) throws JoseException {
        jws.setAlgorithmHeaderValue("RS256");
        jws.setPayload(new String(Base64.getUrlDecoder().decode(payload()), UTF_8));
        jws.setKey(pair.getPrivate());
        return jws.getCompactSerialization();
    }

    private static String bare(Map<String, Object> claims) throws JoseException {
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue("RS256");
        jws.setPayload(new String(Json.bytes(claims), UTF_8));
        jws.setKey(CallerKeys.privateKey());
        return jws.getCompactSerialization();
    }

    private static KeyPair ellipticPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
