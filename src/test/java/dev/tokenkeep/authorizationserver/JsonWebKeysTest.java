package dev.tokenkeep.authorizationserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.authorizationserver.metadata.MetadataRequest;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.jose.JwkSet.Signature;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The authorization server's keys (CONFORMANCE A14), over real HTTP and by a clock that the test moves. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class JsonWebKeysTest {

    private static final Map<String, Object> CLAIMS = IdTokenIssuer.claims("https://as.example/", "alice", 1);

    @Inject
    OutboundTls tls;

    @Inject
    HttpSender sender;

    @Inject
    MetadataRequest request;

    @Inject
    Ticker systemTicker;

    private final AtomicLong aheadNanos = new AtomicLong();
    private ScriptedAuthorizationServer server;
    private ClientRegistration registration;
    private JsonWebKeys keys;

    @BeforeEach
    void start() {
        server = ScriptedAuthorizationServer.start(RotationMode.NONE, Duration.ofMinutes(1));
        registration = WireRegistrations.withKeys(server.tokenEndpoint(), server.jwks());
        Ticker ticker = () -> systemTicker.nanos() + aheadNanos.get();
        keys = new JsonWebKeys(new Endpoints(new IssuerDiscovery(request, tls, ticker)), sender, ticker);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("A14: a key is fetched once and kept")
    void fetchesAKeyOnce() {
        Secret token = Secret.of(server.idTokens().sign(CLAIMS));
        assertThat(keys.signature(registration, token)).isEqualTo(Signature.UNKNOWN_KEY);
        assertThat(fetched(token)).isEqualTo(Signature.VALID);
        assertThat(keys.signature(registration, token)).isEqualTo(Signature.VALID);
        assertThat(server.idTokens().jwksRequests()).isOne();
    }

    @Test
    @DisplayName("A14: a rotated key is picked up when a token names it, and not asked for at every token")
    void followsARotation() {
        fetched(Secret.of(server.idTokens().sign(CLAIMS)));
        server.idTokens().rotateKey();
        Secret token = Secret.of(server.idTokens().sign(CLAIMS));
        assertThat(keys.signature(registration, token)).isEqualTo(Signature.UNKNOWN_KEY);
        assertThat(fetched(token)).isEqualTo(Signature.VALID);
        assertThat(server.idTokens().jwksRequests()).isEqualTo(2);
        Secret invented = Secret.of(server.idTokens().signWithAnUnknownKey(CLAIMS));
        assertThat(fetched(invented)).isEqualTo(Signature.UNKNOWN_KEY);
        assertThat(fetched(invented)).as("looked for a moment ago").isEqualTo(Signature.UNKNOWN_KEY);
        assertThat(server.idTokens().jwksRequests()).isEqualTo(3);
    }

    @Test
    @DisplayName("A14: while the keys are out of reach nothing is called wrong, and the known ones stay")
    void survivesAnOutage() {
        Secret token = Secret.of(server.idTokens().sign(CLAIMS));
        server.idTokens().jwksAnswers(503);
        assertThat(fetched(token)).isEqualTo(Signature.UNKNOWN_KEY);
        server.idTokens().jwksAnswers(200);
        aheadNanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(fetched(token)).isEqualTo(Signature.VALID);
        server.down();
        aheadNanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(fetched(token)).isEqualTo(Signature.VALID);
    }

    @Test
    @DisplayName("A14: a signature by another key of the same name is wrong")
    void refusesAnothersSignature() {
        Secret token = Secret.of(server.idTokens().signWithAnothersKey(CLAIMS));
        assertThat(fetched(token)).isEqualTo(Signature.INVALID);
    }

    @Test
    @DisplayName("A14: a server that tells no keys is believed over TLS")
    void knowsOfNoKeys() {
        ClientRegistration without = WireRegistrations.withKeys(server.tokenEndpoint(), null);
        assertThat(keys.hasKeys(without)).isFalse();
        assertThat(keys.hasKeys(registration)).isTrue();
    }

    private Signature fetched(Secret token) {
        return keys.signatureOnceFetched(registration, token)
                .toCompletableFuture()
                .join();
    }
}
