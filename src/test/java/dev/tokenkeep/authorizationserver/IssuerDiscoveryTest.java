package dev.tokenkeep.authorizationserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.authorizationserver.RevocationOutcome.Kind;
import dev.tokenkeep.authorizationserver.metadata.MetadataRequest;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.telemetry.Traces;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenID Connect Discovery 1.0 §4, RFC 8414 §3, CONFORMANCE A8. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class IssuerDiscoveryTest {

    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final Duration HARD_CAP = Duration.ofSeconds(5);

    @Inject
    OutboundTls tls;

    @Inject
    HttpSender sender;

    @Inject
    MetadataRequest request;

    @Inject
    ClientRequests clients;

    @Inject
    Ticker systemTicker;

    private final AtomicLong aheadNanos = new AtomicLong();
    private MetadataServer server;
    private TokenEndpoint tokens;
    private RevocationEndpoint revocations;

    @BeforeEach
    void start() throws IOException {
        server = new MetadataServer();
        Ticker ticker = () -> systemTicker.nanos() + aheadNanos.get();
        var endpoints = new Endpoints(new IssuerDiscovery(request, tls, ticker));
        tokens = new TokenEndpoint(
                endpoints,
                sender,
                clients,
                new TokenRequestMetrics(new SimpleMeterRegistry(), new RegistrationTags(() -> 10), ticker),
                new Reachability(ticker),
                Traces.off());
        revocations = new RevocationEndpoint(endpoints, clients);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'', /.well-known/openid-configuration",
        "/, /.well-known/openid-configuration",
        "/realms/main, /realms/main/.well-known/openid-configuration",
        "/realms/main/, /realms/main/.well-known/openid-configuration",
        "/realms/main, /.well-known/oauth-authorization-server/realms/main",
        "'', /.well-known/oauth-authorization-server"
    })
    void findsTheEndpointsByEitherFormOfMetadata(String issuerPath, String metadataPath) {
        URI issuer = server.address(issuerPath);
        server.serve(metadataPath, server.metadataOf(issuer));

        assertThat(refresh(WireRegistrations.discoveredFrom(issuer))).isInstanceOf(Refreshed.class);
        assertThat(server.requests()).contains(metadataPath, "/token");
    }

    @Test
    @DisplayName("A8, K6: endpoints are pinned")
    void staysWithWhatItFoundFirst() {
        URI issuer = server.address("");
        ClientRegistration registration = WireRegistrations.discoveredFrom(issuer);
        server.serve(OPENID, server.metadataOf(issuer));
        refresh(registration);
        server.serve(OPENID, "{}");
        aheadNanos.addAndGet(Duration.ofDays(1).toNanos());

        assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
        assertThat(server.requests()).containsExactly(OPENID, "/token", "/token");
    }

    @ParameterizedTest
    @CsvSource({"TLS_CLIENT_AUTH, /mtls/token, /revoke", "CLIENT_SECRET_BASIC, /token, /revoke"})
    @DisplayName("G24: a client that shows a certificate takes the endpoints for such clients, one by one")
    void takesTheEndpointsForMutualTls(ClientAuthenticationMethod method, String token, String revocation) {
        URI issuer = server.address("");
        String metadata = server.metadataOf(issuer);
        server.serve(
                OPENID,
                metadata.substring(0, metadata.lastIndexOf('}')) + ",\"revocation_endpoint\":\""
                        + server.address("/revoke") + "\",\"mtls_endpoint_aliases\":{\"token_endpoint\":\""
                        + server.address("/mtls/token") + "\"}}");
        ClientRegistration registration = WireRegistrations.with(issuer, null, null, method, false);
        refresh(registration);
        revocations
                .revoke(registration, Secret.of("rt"), HARD_CAP)
                .toCompletableFuture()
                .join();
        assertThat(server.requests()).contains(token, revocation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/other", "/REALMS"})
    @DisplayName("A8, K6: metadata of another issuer is refused")
    void refusesMetadataOfAnotherIssuerToTheLetter(String told) {
        server.serve(OPENID, server.metadataOf(server.address(told)));

        assertThat(refresh(WireRegistrations.discoveredFrom(server.address(""))))
                .isEqualTo(new NotSent("issuer_mismatch"));
        assertThat(server.requests()).doesNotContain("/token");
    }

    @Test
    @DisplayName("A8: metadata without an issuer is refused")
    void refusesMetadataWithoutAnIssuer() {
        server.serve(OPENID, "{\"token_endpoint\":\"" + server.address("/token") + "\"}");

        assertThat(refresh(WireRegistrations.discoveredFrom(server.address(""))))
                .isEqualTo(new NotSent("issuer_mismatch"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://as.example/token", "ftp://127.0.0.1/token", "/token", "no url", "", "https://u:p@h/t"})
    void refusesEndpointsThatWouldBeRefusedInTheConfiguration(String tokenEndpoint) {
        server.serve(
                OPENID, "{\"issuer\":\"" + server.address("") + "\",\"token_endpoint\":\"" + tokenEndpoint + "\"}");

        assertThat(refresh(WireRegistrations.discoveredFrom(server.address(""))))
                .isEqualTo(new NotSent("discovery_without_endpoint"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html></html>", "null", "[]", "{\"issuer\":"})
    void takesNoOtherDocumentForMetadata(String document) {
        server.serve(OPENID, document);
        server.serve(OAUTH, document);

        assertThat(refresh(WireRegistrations.discoveredFrom(server.address(""))))
                .isInstanceOf(NotSent.class)
                .extracting(TokenResult::code)
                .isIn("discovery_failed", "issuer_mismatch");
    }

    @Test
    void anIssuerThatIsDownIsAskedAgainButNotAtEveryCall() {
        URI issuer = server.address("");
        ClientRegistration registration = WireRegistrations.discoveredFrom(issuer);

        assertThat(refresh(registration)).isEqualTo(new NotSent("discovery_failed"));
        int looks = server.requests().size();
        server.serve(OPENID, server.metadataOf(issuer));
        assertThat(refresh(registration)).isEqualTo(new NotSent("discovery_failed"));
        assertThat(server.requests()).hasSize(looks);

        aheadNanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
    }

    @Test
    void asksAnIssuerThatStaysDownLessAndLessOften() {
        ClientRegistration registration = WireRegistrations.discoveredFrom(server.address(""));

        for (int second = 0; second < 300; second++) {
            refresh(registration);
            aheadNanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(server.requests().stream().filter(OPENID::equals)).hasSizeBetween(5, 15);
    }

    @Test
    void everybodyWhoAsksAtOnceSharesOneLook() {
        URI issuer = server.address("");
        ClientRegistration registration = WireRegistrations.discoveredFrom(issuer);
        server.serve(OPENID, server.metadataOf(issuer));
        server.hold();
        List<CompletionStage<TokenAnswer>> asking = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asking.add(send(registration));
        }
        await().until(() -> !server.requests().isEmpty());
        server.release();

        asking.forEach(stage -> assertThat(outcome(stage)).isInstanceOf(Refreshed.class));
        assertThat(server.requests().stream().filter(OPENID::equals)).hasSize(1);
    }

    @Test
    void anEndpointGivenByHandWins() {
        URI issuer = server.address("");
        ClientRegistration registration = WireRegistrations.with(
                issuer, server.address("/token"), null, ClientAuthenticationMethod.CLIENT_SECRET_BASIC, false);

        assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
        assertThat(server.requests()).containsExactly("/token");
    }

    @Test
    void findsTheRevocationEndpointToo() {
        URI issuer = server.address("");
        ClientRegistration registration = WireRegistrations.discoveredFrom(issuer);
        server.serve(OPENID, server.metadataOf(issuer));
        server.serve("/revoke", "");

        assertThat(revoke(registration).kind()).isEqualTo(Kind.REVOKED);
        assertThat(server.requests()).containsExactly(OPENID, "/revoke");
    }

    @Test
    void givesUpRevokingAtAnIssuerThatHasNoEndpointForIt() {
        URI issuer = server.address("");
        server.serve(OPENID, "{\"issuer\":\"" + issuer + "\",\"token_endpoint\":\"" + server.address("/token") + "\"}");

        assertThat(revoke(WireRegistrations.discoveredFrom(issuer)))
                .isEqualTo(new RevocationOutcome(Kind.GIVEN_UP, "no_revocation_endpoint", null));
    }

    @Test
    void revokesLaterWhereTheIssuerIsDown() {
        assertThat(revoke(WireRegistrations.discoveredFrom(server.address(""))))
                .isEqualTo(new RevocationOutcome(Kind.RETRY, "discovery_failed", null));
    }

    private CompletionStage<TokenAnswer> send(ClientRegistration registration) {
        var lease = new Lease(Deadline.after(systemTicker.nanos(), Duration.ofSeconds(30)));
        return tokens.send(registration, Grant.refreshToken(Secret.of("rt")), lease, HARD_CAP);
    }

    private TokenResult refresh(ClientRegistration registration) {
        return outcome(send(registration));
    }

    private static TokenResult outcome(CompletionStage<TokenAnswer> stage) {
        return stage.toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .outcome();
    }

    private RevocationOutcome revoke(ClientRegistration registration) {
        return revocations
                .revoke(registration, Secret.of("rt"), HARD_CAP)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
