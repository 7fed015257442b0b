package dev.tokenkeep.authorizationserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.ConnectProxy;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.SelfSignedServer;
import dev.tokenkeep.testing.TestCertificate;
import dev.tokenkeep.testing.Tinyproxy;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token requests through a proxy. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class ProxyTest {

    private static final Duration HARD_CAP = Duration.ofSeconds(10);
    private static final String TOKENS = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\"}";

    @Inject
    TokenEndpoint endpoint;

    @Inject
    Reachability reachability;

    @Inject
    TlsConfigurationRegistry tls;

    @Inject
    Ticker ticker;

    @TempDir
    Path files;

    private SelfSignedServer server;

    @BeforeEach
    void server() throws Exception {
        server = SelfSignedServer.start(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, TOKENS.length());
            exchange.getResponseBody().write(TOKENS.getBytes(UTF_8));
            exchange.close();
        });
        server.vouchedForAs("proxied", tls);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("A token request goes through the proxy as a tunnel, which learns the host and nothing else")
    void goesThroughATunnel() throws IOException {
        try (var proxy = ConnectProxy.start(Optional.empty())) {
            assertThat(refresh(Map.of("proxy", proxy.address()))).isInstanceOf(Refreshed.class);
            assertThat(proxy.asked()).containsExactly("CONNECT as.example:" + port() + " HTTP/1.1");
        }
    }

    @Test
    @DisplayName("The proxy's user comes from a file; with a wrong one nothing is spent, and the log names the proxy")
    void authenticatesAtTheProxy() throws IOException {
        try (var proxy = ConnectProxy.start(Optional.of("keeper:ge:heim"));
                LogLines log = LogLines.of("dev.tokenkeep")) {
            var with = Map.of("proxy", proxy.address(), "proxy-credentials-file", file("keeper:ge:heim\n"));
            assertThat(refresh(with)).isInstanceOf(Refreshed.class);
            var wrong = Map.of("proxy", proxy.address(), "proxy-credentials-file", file("keeper:falsch"));
            assertThat(refresh(wrong)).isEqualTo(new NotSent("proxy_refused"));
            assertThat(server.requests()).isOne();
            assertThat(log.with("fail with proxy_refused")).hasSize(1);
            assertThat(log.with("falsch")).isEmpty();
        }
    }

    @Test
    @DisplayName("A proxy that lets nothing through spends nothing, and the registration's health tells")
    void nothingIsSentWhereTheProxyRefuses() throws IOException {
        try (var proxy = ConnectProxy.start(Optional.empty())) {
            proxy.refuse();
            ClientRegistration registration = registration(Map.of("proxy", proxy.address()));
            assertThat(refresh(registration)).isEqualTo(new NotSent("proxy_refused"));
            assertThat(reachability.trouble(registration.name())).contains("proxy_refused");
        }
        assertThat(server.requests()).isZero();
    }

    @Test
    void nothingIsSentWhereTheProxyIsAway() throws IOException {
        String nobody;
        try (var proxy = ConnectProxy.start(Optional.empty())) {
            nobody = proxy.address();
        }
        assertThat(refresh(Map.of("proxy", nobody))).isEqualTo(new NotSent("connection_refused"));
    }

    @Test
    @DisplayName("Nothing goes through a proxy to this machine's own loopback, where tokens may go in the clear")
    void theLoopbackIsReachedWithoutAProxy() throws Exception {
        try (var proxy = ConnectProxy.start(Optional.empty());
                var plain = new RawServer(RawServer.answering(
                        "HTTP/1.1 200 OK",
                        "Content-Type: application/json",
                        "Content-Length: " + TOKENS.length(),
                        "",
                        TOKENS))) {
            assertThat(refresh(Map.of(
                            "proxy",
                            proxy.address(),
                            "token-endpoint",
                            plain.address("/token").toString())))
                    .isInstanceOf(Refreshed.class);
            assertThat(refresh(Map.of(
                            "proxy",
                            proxy.address(),
                            "token-endpoint",
                            server.address("/token").toString())))
                    .isInstanceOf(Refreshed.class);
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    @DisplayName("Through a real proxy, with credentials")
    void goesThroughTinyproxy() throws IOException {
        assumeThat(Tinyproxy.installed()).as("tinyproxy is not installed").isPresent();
        try (var next = ConnectProxy.start(Optional.empty());
                var proxy = Tinyproxy.before(next, "keeper", "geheim")) {
            var with = Map.of("proxy", proxy.address(), "proxy-credentials-file", file("keeper:geheim"));
            assertThat(refresh(with)).isInstanceOf(Refreshed.class);
            assertThat(refresh(Map.of("proxy", proxy.address()))).isEqualTo(new NotSent("proxy_refused"));
            assertThat(next.asked()).singleElement().asString().startsWith("CONNECT as.example:" + port());
        }
    }

    private int port() {
        return server.address("/").getPort();
    }

    private String file(String content) throws IOException {
        return Files.writeString(files.resolve(UUID.randomUUID().toString()), content)
                .toString();
    }

    private ClientRegistration registration(Map<String, String> settings) {
        var all = new HashMap<String, String>();
        all.put(
                "token-endpoint",
                URI.create("https://" + TestCertificate.NAME + ":" + port() + "/token")
                        .toString());
        all.put("tls-configuration", "proxied");
        all.putAll(settings);
        return TestClientRegistrations.named("proxied-" + UUID.randomUUID(), all);
    }

    private TokenResult refresh(Map<String, String> settings) {
        return refresh(registration(settings));
    }

    private TokenResult refresh(ClientRegistration registration) {
        var lease = new Lease(Deadline.after(ticker.nanos(), HARD_CAP));
        return endpoint.send(registration, Grant.refreshToken(Secret.of("rt-1")), lease, HARD_CAP)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .outcome();
    }
}
