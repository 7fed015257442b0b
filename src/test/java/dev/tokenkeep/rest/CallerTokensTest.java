package dev.tokenkeep.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jose4j.http.Response;
import org.jose4j.http.SimpleResponse;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose keys verify a caller's JWT, and that they last. */
class CallerTokensTest {

    private static final String ISSUER = "https://issuer.test";
    private static final String CLUSTER = "https://kubernetes.default.svc.cluster.local";
    private static final Duration AGAIN = Duration.ofMillis(200);

    /** An issuer's key set. */
    private static final class Issuer {
        private final List<String> asked = new ArrayList<>();
        private RsaJsonWebKey key = rsa("one");
        private boolean away;
        private String cacheControl = "max-age=3600";

        synchronized SimpleResponse get(String location) throws IOException {
            asked.add(location);
            if (away) {
                throw new IOException("away");
            }
            var headers = Map.of("Cache-Control", List.of(cacheControl));
            return new Response(200, "OK", headers, new JsonWebKeySet(key).toJson());
        }

        String token(String issuer) {
            return signed(issuer, key);
        }

        private static RsaJsonWebKey rsa(String id) {
            try {
                RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
                key.setKeyId(id);
                return key;
            } catch (JoseException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final Issuer issuer = new Issuer();
    private final Issuer cluster = new Issuer();
    private final JWTAuthContextInfo configured = new JWTAuthContextInfo("https://issuer.test/jwks", ISSUER);
    private final CallerTokens tokens = new CallerTokens(
            Optional.of(CLUSTER), new KeySetParser(issuer::get, AGAIN), new KeySetParser(cluster::get, AGAIN));

    @BeforeEach
    void audience() {
        configured.setExpectedAudience(Set.of("tokenkeep"));
    }

    private static String signed(String issuer, RsaJsonWebKey key) {
        return Jwt.subject("a")
                .issuer(issuer)
                .audience("tokenkeep")
                .expiresIn(60)
                .jws()
                .keyId(key.getKeyId())
                .sign(key.getPrivateKey());
    }

    private String subject(String token) throws ParseException {
        return tokens.parse(token, configured).getSubject();
    }

    private void refused(String token) {
        assertThatExceptionOfType(ParseException.class).isThrownBy(() -> subject(token));
    }

    @Test
    void verifiesByTheKeysOfWhoIssuedIt() throws ParseException {
        assertThat(subject(issuer.token(ISSUER))).isEqualTo("a");
        assertThat(subject(cluster.token(CLUSTER))).isEqualTo("a");
        assertThat(issuer.asked).containsExactly("https://issuer.test/jwks");
        assertThat(cluster.asked).containsExactly(CallerTokens.CLUSTER_KEYS);
    }

    @Test
    void neitherVouchesForTheOther() {
        refused(issuer.token(CLUSTER));
        refused(cluster.token(ISSUER));
        refused(issuer.token("https://another.issuer"));
        refused("nonsense");
    }

    @Test
    void keepsTheKeysThroughAnOutage() throws ParseException {
        String token = issuer.token(ISSUER);
        issuer.cacheControl = "max-age=1";
        subject(token);
        issuer.away = true;
        // No longer fresh after a second, and asked for in vain.
        await().until(() -> subject(token).equals("a") && issuer.asked.size() > 1);
        assertThat(subject(token)).isEqualTo("a");
    }

    @Test
    void picksANewKeyUp() throws ParseException {
        subject(issuer.token(ISSUER));
        issuer.key = Issuer.rsa("two");
        String token = issuer.token(ISSUER);
        await().atMost(Duration.ofSeconds(5))
                .ignoreException(ParseException.class)
                .until(() -> subject(token).equals("a"));
    }

    @Test
    void inventedKeysMakeNoRequests() throws ParseException {
        var patient = new CallerTokens(
                Optional.empty(),
                new KeySetParser(issuer::get, Duration.ofHours(1)),
                new KeySetParser(cluster::get, Duration.ofHours(1)));
        patient.parse(issuer.token(ISSUER), configured);
        for (int i = 0; i < 20; i++) {
            String invented = signed(ISSUER, invented());
            assertThatExceptionOfType(ParseException.class).isThrownBy(() -> patient.parse(invented, configured));
        }
        assertThat(issuer.asked).hasSize(1);
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
