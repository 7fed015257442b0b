package dev.tokenkeep.authorizationserver;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.tokenkeep.authorizationserver.RevocationOutcome.Kind;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.SelfSignedServer;
import dev.tokenkeep.testing.TestCertificate;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that authenticate with a certificate (RFC 8705 §2). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class MutualTlsTest {

    private static final String TOKENS = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\",\"expires_in\":60}";
    private static final Duration HARD_CAP = Duration.ofSeconds(15);

    @Inject
    TokenEndpoint tokens;

    @Inject
    RevocationEndpoint revocations;

    @Inject
    TlsConfigurationRegistry registry;

    @Inject
    Event<CertificateUpdatedEvent> replacements;

    @Inject
    ClientRegistrations registrations;

    @Inject
    Event<RegistrationsChanged> changes;

    @Inject
    Ticker ticker;

    private final List<Certificate> shown = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    private void answer(HttpExchange exchange) throws IOException {
        shown.add(((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0]);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, TOKENS.length());
        exchange.getResponseBody().write(TOKENS.getBytes(UTF_8));
        exchange.close();
    }

    private static ClientRegistration client(String method, SelfSignedServer server, String tlsConfiguration) {
        return TestClientRegistrations.named(
                tlsConfiguration,
                Map.of(
                        "token-endpoint",
                        server.address("/token").toString(),
                        "revocation-endpoint",
                        server.address("/revoke").toString(),
                        "client-secret",
                        "",
                        "client-authentication",
                        method,
                        "tls-configuration",
                        tlsConfiguration));
    }

    private TokenResult refresh(ClientRegistration registration) {
        var lease = new Lease(Deadline.after(ticker.nanos(), Duration.ofMinutes(1)));
        return tokens.send(registration, Grant.refreshToken(Secret.of("rt-1")), lease, HARD_CAP)
                .toCompletableFuture()
                .join()
                .outcome();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls_client_auth", "self_signed_tls_client_auth"})
    @DisplayName("G7: the certificate is shown, and the client id is in the body alone")
    void showsItsCertificate(String method) throws Exception {
        TestCertificate own = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answer, own)) {
            server.vouchedForAs(method, registry, own);
            ClientRegistration registration = client(method, server, method);

            assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
            assertThat(revocations
                            .revoke(registration, Secret.of("rt-2"), HARD_CAP)
                            .toCompletableFuture()
                            .join()
                            .kind())
                    .isEqualTo(Kind.REVOKED);
        }
        assertThat(shown).hasSize(2).containsOnly(own.certificate());
        assertThat(bodies)
                .allSatisfy(body -> assertThat(body)
                        .contains("client_id=client-1")
                        .doesNotContain("client_secret", "client_assertion", "Basic"));
    }

    @Test
    @DisplayName(
            "G24: a client that shows a certificate takes the endpoints for such clients, however it authenticates")
    void takesTheEndpointsForClientsWithACertificate() throws Exception {
        TestCertificate own = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answer, own);
                var issuer = new MetadataServer()) {
            server.vouchedForAs("bound", registry, own);
            String metadata = issuer.metadataOf(issuer.address(""));
            issuer.serve(
                    "/.well-known/openid-configuration",
                    metadata.substring(0, metadata.lastIndexOf('}'))
                            + ",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"" + server.address("/token") + "\"}}");
            ClientRegistration registration = TestClientRegistrations.named(
                    "bound",
                    Map.of(
                            "issuer", issuer.address("").toString(),
                            "token-endpoint", "",
                            "tls-configuration", "bound"));

            assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
        }
        assertThat(shown).containsExactly(own.certificate());
        assertThat(bodies).singleElement().asString().contains("Basic");
    }

    @Test
    @DisplayName("G7: no other registration's connection shows the certificate")
    void showsItToNobodyElse() throws Exception {
        TestCertificate own = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answer, own)) {
            server.vouchedForAs("own", registry, own);
            server.vouchedForAs("others", registry);
            assertThat(refresh(client("tls_client_auth", server, "own"))).isInstanceOf(Refreshed.class);
            assertThat(refresh(client("tls_client_auth", server, "others"))).isNotInstanceOf(Refreshed.class);
        }
        assertThat(shown).hasSize(1);
    }

    @Test
    @DisplayName("G23: a certificate that is replaced is shown from then on")
    void showsTheNewCertificate() throws Exception {
        TestCertificate former = TestCertificate.valid();
        TestCertificate latter = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answer, former, latter)) {
            server.vouchedForAs("renewed", registry, former);
            ClientRegistration registration = client("tls_client_auth", server, "renewed");
            assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
            server.vouchedForAs("renewed", registry, latter);
            replacements.fire(new CertificateUpdatedEvent(
                    "renewed", registry.get("renewed").orElseThrow()));
            assertThat(refresh(registration)).isInstanceOf(Refreshed.class);
        }
        assertThat(shown).containsExactly(former.certificate(), latter.certificate());
    }

    @Test
    @DisplayName("G25: once a certificate is replaced, no access token of the former one is served")
    void getsTokensForTheNewCertificate() throws Exception {
        TestCertificate former = TestCertificate.valid();
        TestCertificate latter = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answerBound, former, latter)) {
            published("rebound", server, former);
            String session = registered("rebound", boundTo(former.certificate()));
            assertThat(read(session)).isEqualTo(thumbprint(former.certificate()));
            assertThat(shown).isEmpty();

            replace("rebound", server, latter);
            assertThat(read(session)).isEqualTo(thumbprint(latter.certificate()));
            // Once: the new token is as good as any.
            assertThat(read(session)).isEqualTo(thumbprint(latter.certificate()));
            assertThat(shown).containsExactly(latter.certificate());
        } finally {
            registrations.publishFiles(Map.of());
        }
    }

    @Test
    @DisplayName(
            "G25: a token of the former certificate is served if no other can be had; a reload alone changes nothing")
    void servesWhatItHasIfThereIsNoOther() throws Exception {
        TestCertificate former = TestCertificate.valid();
        TestCertificate latter = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answerBound, former)) {
            published("stuck", server, former);
            String session = registered("stuck", boundTo(former.certificate()));
            replace("stuck", server, former);
            assertThat(read(session)).isEqualTo(thumbprint(former.certificate()));
            assertThat(shown).isEmpty();

            // The server does not know it yet.
            replace("stuck", server, latter);
            assertThat(read(session)).isEqualTo(thumbprint(former.certificate()));
            assertThat(shown).isEmpty();
        } finally {
            registrations.publishFiles(Map.of());
        }
    }

    @Test
    @DisplayName("G25: a token that is bound to a certificate which only a proxy shows is as good as any")
    void takesTokensOfCertificatesThatAreNotItsOwn() throws Exception {
        TestCertificate own = TestCertificate.valid();
        TestCertificate proxys = TestCertificate.valid();
        try (var server = SelfSignedServer.forClients(this::answerBound, own)) {
            published("proxied", server, own);
            String session = registered("proxied", boundTo(proxys.certificate()));
            assertThat(read(session)).isEqualTo(thumbprint(proxys.certificate()));
            assertThat(shown).isEmpty();
        } finally {
            registrations.publishFiles(Map.of());
        }
    }

    /** As the operator's registration of this name, which is also that of its TLS configuration. */
    private void published(String name, SelfSignedServer server, TestCertificate own) throws Exception {
        server.vouchedForAs(name, registry, own);
        ClientRegistration registration = client("tls_client_auth", server, name);
        registrations.publishFiles(
                Map.of(name, new Replaceable<>(name, registration, List.of(), any -> registration, ticker)));
        changes.fire(new RegistrationsChanged(Set.of(name)));
    }

    private void replace(String name, SelfSignedServer server, TestCertificate own) throws Exception {
        server.vouchedForAs(name, registry, own);
        replacements.fire(new CertificateUpdatedEvent(name, registry.get(name).orElseThrow()));
    }

    private void answerBound(HttpExchange exchange) throws IOException {
        try {
            Certificate client = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
            shown.add(client);
            byte[] answer = tokens(boundTo(client)).getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } finally {
            exchange.close();
        }
    }

    private static String tokens(String accessToken) {
        return "{\"access_token\":\"" + accessToken + "\",\"refresh_token\":\"rt-" + UUID.randomUUID()
                + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
    }

    private static String boundTo(Certificate certificate) throws GeneralSecurityException {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        String claims =
                "{\"jti\":\"" + UUID.randomUUID() + "\",\"cnf\":{\"x5t#S256\":\"" + thumbprint(certificate) + "\"}}";
        return base64.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
    }

    private static String thumbprint(Certificate certificate) throws GeneralSecurityException {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private static String registered(String registration, String accessToken) {
        return all().body("{\"registration\":\"" + registration + "\",\"subject\":\"" + UUID.randomUUID()
                        + "\",\"token_response\":" + tokens(accessToken) + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** Returns the thumbprint that the reader is told. */
    private static String read(String session) {
        return all().get("/v1/sessions/" + session + "/access-token")
                .then()
                .statusCode(200)
                .extract()
                .path("cnf.'x5t#S256'");
    }

    private static RequestSpecification all() {
        return given().auth().oauth2(CallerKeys.token("sub-all")).contentType("application/json");
    }
}
