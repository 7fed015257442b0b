package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.oauth.Signatures;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.testing.RsaJwks;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose keys verify a caller's JWT, and that they last. */
class CallerTokenVerifierTest {

    private static final String ISSUER = "https://issuer.test";
    private static final String PARTNER = "https://partner.test";
    private static final String CLUSTER = "https://kubernetes.default.svc.cluster.local";

    /** An issuer's key set. */
    private static final class Issuer {
        private int asked;
        private RsaJsonWebKey key = rsa("one");
        private @Nullable PublicJsonWebKey other;
        private boolean away;

        CompletionStage<String> fetch() {
            asked++;
            return away
                    ? CompletableFuture.failedFuture(new IOException("away"))
                    : CompletableFuture.completedFuture(keySet(other == null ? List.of(key) : List.of(key, other)));
        }

        String token(String issuer) {
            return token(issuer, "");
        }

        String token(String issuer, String groups) {
            return signed(issuer, key, groups);
        }

        private static RsaJsonWebKey rsa(String id) {
            RsaJsonWebKey key = RsaJwks.next();
            key.setKeyId(id);
            return key;
        }
    }

    private final AtomicLong nanos = new AtomicLong();
    private final Issuer issuer = new Issuer();
    private final Issuer cluster = new Issuer();
    private final JWTAuthContextInfo configured = new JWTAuthContextInfo("https://issuer.test/jwks", ISSUER);
    private PublicJsonWebKey partner = key("ES256");
    private Set<String> allowed = Signatures.ALGORITHMS;
    private final NamedIssuer ofCluster = new NamedIssuer(
            CLUSTER, Set.of("tokenkeep"), Signatures.ALGORITHMS, new JwkSet("cluster", cluster::fetch, nanos::get), 10);
    private final JwkSet partnerKeys =
            new JwkSet("partner", () -> CompletableFuture.completedFuture(keySet(List.of(partner))), nanos::get);
    private final CallerTokenVerifier tokens = new CallerTokenVerifier(
            new ConfiguredIssuer(new JwkSet("issuer", issuer::fetch, nanos::get), false), this::named, 16 * 1024);

    @BeforeEach
    void audience() {
        configured.setExpectedAudience(Set.of("tokenkeep"));
    }

    private static String signed(String issuer, RsaJsonWebKey key, String groups) {
        return Jwt.subject("a")
                .groups(groups)
                .issuer(issuer)
                .audience("tokenkeep")
                .expiresIn(60)
                .jws()
                .keyId(key.getKeyId())
                .sign(key.getPrivateKey());
    }

    private String subject(String token) throws ParseException {
        assertThat(tokens.prepare(token)).isCompleted();
        return tokens.parse(token, configured).getSubject();
    }

    private void refused(String token) {
        assertThatExceptionOfType(ParseException.class).isThrownBy(() -> subject(token));
    }

    @Test
    void verifiesByTheKeysOfWhoIssuedIt() throws ParseException {
        assertThat(subject(issuer.token(ISSUER))).isEqualTo("a");
        assertThat(subject(cluster.token(CLUSTER))).isEqualTo("a");
        assertThat(issuer.asked).isOne();
        assertThat(cluster.asked).isOne();
    }

    @Test
    void neitherVouchesForTheOther() {
        refused(issuer.token(CLUSTER));
        refused(cluster.token(ISSUER));
        refused(issuer.token("https://another.issuer"));
        refused("nonsense");
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Nor is the issuer asked more than once a minute. */
    @Test
    void refusesNobodyInAnHoursOutageOfTheIssuer() throws ParseException {
        String token = issuer.token(ISSUER);
        subject(token);
        issuer.away = true;
        for (int second = 0; second < 3600; second++) {
            passes(Duration.ofSeconds(1));
            assertThat(subject(token)).isEqualTo("a");
        }
        assertThat(issuer.asked).isBetween(40, 62);
        issuer.away = false;
        passes(Duration.ofMinutes(1));
        assertThat(subject(token)).isEqualTo("a");
    }

    @Test
    void picksANewKeyUpAtOnce() throws ParseException {
        subject(issuer.token(ISSUER));
        issuer.key = Issuer.rsa("two");
        assertThat(subject(issuer.token(ISSUER))).isEqualTo("a");
    }

    @Test
    void forgetsAKeyThatTheIssuerHasWithdrawn() throws ParseException {
        String token = issuer.token(ISSUER);
        subject(token);
        issuer.key = Issuer.rsa("two");
        passes(Duration.ofMinutes(10));
        refused(token);
    }

    /** It may be good: who has just been started must not tell its callers otherwise. */
    @Test
    void neitherBelievesNorRefusesAJwtWhoseKeyNobodyCanBeAskedFor() throws ParseException {
        issuer.away = true;
        String token = issuer.token(ISSUER);
        notTold(token);
        issuer.away = false;
        passes(Duration.ofSeconds(5));
        assertThat(subject(token)).isEqualTo("a");
        issuer.away = true;
        issuer.key = Issuer.rsa("two");
        notTold(issuer.token(ISSUER));
        issuer.away = false;
        passes(Duration.ofSeconds(10));
        assertThat(subject(issuer.token(ISSUER))).isEqualTo("a");
    }

    private void notTold(String token) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> subject(token))
                .satisfies(e -> assertThat(e.problem().type()).isEqualTo(ProblemType.ISSUER_UNAVAILABLE));
    }

    @Test
    void inventedKeysMakeNoRequests() throws ParseException {
        subject(issuer.token(ISSUER));
        for (int i = 0; i < 20; i++) {
            refused(signed(ISSUER, invented(), ""));
        }
        // Once, since it could have been a new one.
        assertThat(issuer.asked).isEqualTo(2);
        passes(Duration.ofSeconds(10));
        issuer.key = Issuer.rsa("two");
        assertThat(subject(issuer.token(ISSUER))).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void verifiesNamedIssuersByWhateverTheirKeysSignWith(String algorithm) throws ParseException {
        partner = key(algorithm);
        assertThat(subject(signed(PARTNER, "tokenkeep", partner))).isEqualTo("a");
        refused(signed(PARTNER, "another-service", partner));
        refused(signed(PARTNER, "tokenkeep", key(algorithm)));
        refused(signed(ISSUER, "tokenkeep", partner));
        refused(signed("https://another.issuer", "tokenkeep", partner));
    }

    @Test
    void aNamedIssuersJwtIsSignedAsItIsAllowedTo() throws ParseException {
        allowed = Set.of("ES256", "EdDSA");
        partner = key("ES256");
        assertThat(subject(signed(PARTNER, "tokenkeep", partner))).isEqualTo("a");
        partner = key("RS256");
        refused(signed(PARTNER, "tokenkeep", partner));
    }

    /** Whoever verifies could make such a signature, and everybody has the public key. */
    @Test
    void noJwtIsSignedByAPublicKeyAsASharedSecretOrNotAtAll() throws Exception {
        partner = key("RS256");
        var secret = new HmacKey(partner.getPublicKey().getEncoded());
        for (String name : List.of(ISSUER, PARTNER)) {
            var signature = new JsonWebSignature();
            signature.setPayload(claims(name, "tokenkeep").toJson());
            signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
            signature.setKey(secret);
            refused(signature.getCompactSerialization());
            var unsigned = new JsonWebSignature();
            unsigned.setPayload(claims(name, "tokenkeep").toJson());
            unsigned.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            unsigned.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
            refused(unsigned.getCompactSerialization());
        }
    }

    @Test
    void theIssuerOfTheConfigurationSignsWithWhateverItsKeysAreOf() throws ParseException {
        issuer.other = key("ES256");
        assertThat(subject(signed(ISSUER, "tokenkeep", issuer.other))).isEqualTo("a");
        issuer.other = key("EdDSA");
        assertThat(subject(signed(ISSUER, "tokenkeep", issuer.other))).isEqualTo("a");
    }

    @Test
    void tellsWhatIsTooLong() throws ParseException {
        assertThat(subject(issuer.token(ISSUER, "x".repeat(11_000)))).isEqualTo("a");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> subject(issuer.token(ISSUER, "x".repeat(13_000))))
                .satisfies(e -> {
                    assertThat(e.problem().type()).isEqualTo(ProblemType.UNAUTHORIZED);
                    assertThat(e.problem().detail()).contains("tokenkeep.api.max-jwt-size allows 16384");
                });
    }

    private @Nullable NamedIssuer named(@Nullable String name) {
        if (CLUSTER.equals(name)) {
            return ofCluster;
        }
        if (!PARTNER.equals(name)) {
            return null;
        }
        return new NamedIssuer(PARTNER, Set.of("tokenkeep"), allowed, partnerKeys, 10);
    }

    private static String keySet(List<? extends JsonWebKey> keys) {
        return new JsonWebKeySet(keys).toJson();
    }

    private static PublicJsonWebKey key(String algorithm) {
        try {
            PublicJsonWebKey key = switch (algorithm) {
                case "ES256" -> EcJwkGenerator.generateJwk(EllipticCurves.P256);
                case "ES384" -> EcJwkGenerator.generateJwk(EllipticCurves.P384);
                case "ES512" -> EcJwkGenerator.generateJwk(EllipticCurves.P521);
                case "EdDSA" -> OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519);
                default -> RsaJwks.next();
            };
            key.setKeyId(algorithm + UUID.randomUUID());
            key.setAlgorithm(algorithm);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JwtClaims claims(String issuer, String audience) {
        var claims = new JwtClaims();
        claims.setSubject("a");
        claims.setIssuer(issuer);
        claims.setAudience(audience);
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(1);
        return claims;
    }

    private static String signed(String issuer, String audience, PublicJsonWebKey key) {
        var signature = new JsonWebSignature();
        signature.setPayload(claims(issuer, audience).toJson());
        signature.setAlgorithmHeaderValue(key.getAlgorithm());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setKey(key.getPrivateKey());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private RsaJsonWebKey invented() {
        try {
            var key = (RsaJsonWebKey) RsaJsonWebKey.Factory.newPublicJwk(issuer.key.getRsaPublicKey());
            key.setPrivateKey(issuer.key.getRsaPrivateKey());
            key.setKeyId(UUID.randomUUID().toString());
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
