package dev.tokenkeep.caller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.RsaJwks;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.jwt.build.Jwt;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issuers of callers' JWTs, whose metadata tells where their keys are. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class NamedIssuersTest {

    /** A server may offer its keys as nothing else (RFC 7517 §8.5.2). */
    private static final String KEYS = "application/jwk-set+json";

    @Inject
    IssuerKeys keys;

    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private HttpServer server;
    private RsaJsonWebKey key;

    @BeforeEach
    void start() throws Exception {
        key = RsaJwks.next();
        key.setKeyId("one");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] page = pages.getOrDefault(path, "").getBytes(UTF_8);
            if (path.equals("/keys")
                    && !exchange.getRequestHeaders().getFirst("Accept").contains(KEYS)) {
                exchange.sendResponseHeaders(406, -1);
            } else {
                exchange.sendResponseHeaders(page.length == 0 ? 404 : 200, page.length == 0 ? -1 : page.length);
                exchange.getResponseBody().write(page);
            }
            exchange.close();
        });
        server.start();
        pages.put("/keys", new JsonWebKeySet(key).toJson());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tenant", "/tenant/"})
    void findsTheKeysByTheMetadata(String path) throws Exception {
        metadata(address(path), address("/keys"));
        assertThat(verified(address(path))).isEqualTo("a");
    }

    @Test
    void believesNoMetadataOfAnotherIssuer() {
        metadata(address("/another"), address("/keys"));
        nobodyCanTell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no url", "http://keys.example/jwks"})
    void asksForKeysWhereTheyMayBeAskedForAlone(String jwks) {
        metadata(address("/tenant"), jwks);
        nobodyCanTell();
    }

    private void nobodyCanTell() {
        assertThatThrownBy(() -> verified(address("/tenant")))
                .isInstanceOf(InvalidJwtException.class)
                .hasCauseInstanceOf(JwkSet.Unreachable.class);
    }

    @Test
    void refusesWhatCanNotBeMeant() {
        assertThatThrownBy(() -> issuers(Map.of(
                        "tokenkeep.issuers.a.issuer", "http://as.example",
                        "tokenkeep.issuers.b.algorithms", "HS256",
                        "tokenkeep.issuers.c.issuer", "c",
                        "tokenkeep.issuers.c.jwks", "no url")))
                .hasMessageContaining("tokenkeep.issuers.a.issuer: plain http is refused")
                .hasMessageContaining("tokenkeep.issuers.b.issuer: is missing")
                .hasMessageContaining("tokenkeep.issuers.b.algorithms: 'HS256' is not supported")
                .hasMessageContaining("tokenkeep.issuers.c.jwks: is not a URL");
    }

    private String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void metadata(String issuer, String jwks) {
        pages.put(
                "/tenant/.well-known/openid-configuration",
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer, jwks));
    }

    private String verified(String issuer) throws Exception {
        String token = Jwt.subject("a")
                .issuer(issuer)
                .audience("tokenkeep")
                .expiresIn(60)
                .jws()
                .keyId("one")
                .sign(key.getPrivateKey());
        NamedIssuer found = Objects.requireNonNull(
                issuers(Map.of("tokenkeep.issuers.a.issuer", issuer)).find(issuer));
        var jws = new JsonWebSignature();
        jws.setCompactSerialization(token);
        assertThat(found.keys().prepare(jws)).succeedsWithin(Duration.ofSeconds(10));
        return found.verified(token).getJwtClaims().getSubject();
    }

    private NamedIssuers issuers(Map<String, String> settings) throws IOException {
        IssuersConfig config = new SmallRyeConfigBuilder()
                .withMapping(IssuersConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(IssuersConfig.class);
        return new NamedIssuers(config, Optional::empty, keys, Optional.of(Set.of("tokenkeep")), 10);
    }
}
