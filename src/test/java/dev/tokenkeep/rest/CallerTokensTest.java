package dev.tokenkeep.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import java.util.concurrent.atomic.AtomicLong;
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

    /** An issuer's key set. */
    private static final class Issuer {
        private final List<String> asked = new ArrayList<>();
        private RsaJsonWebKey key = rsa("one");
        private boolean away;

        synchronized SimpleResponse get(String location) throws IOException {
            asked.add(location);
            if (away) {
                throw new IOException("away");
            }
            return new Response(200, "OK", Map.of(), new JsonWebKeySet(key).toJson());
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

    private final AtomicLong nanos = new AtomicLong();
    private final Issuer issuer = new Issuer();
    private final Issuer cluster = new Issuer();
    private final JWTAuthContextInfo configured = new JWTAuthContextInfo("https://issuer.test/jwks", ISSUER);
    private final CallerTokens tokens = new CallerTokens(
            Optional.of(CLUSTER),
            new KeySetParser(issuer::get, nanos::get),
            new KeySetParser(cluster::get, nanos::get));

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
        assertThat(issuer.asked).hasSizeBetween(40, 62);
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
            refused(signed(ISSUER, invented()));
        }
        // Once, since it could have been a new one.
        assertThat(issuer.asked).hasSize(2);
        passes(Duration.ofSeconds(10));
        issuer.key = Issuer.rsa("two");
        assertThat(subject(issuer.token(ISSUER))).isEqualTo("a");
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
