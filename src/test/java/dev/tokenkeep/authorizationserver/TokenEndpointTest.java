package dev.tokenkeep.authorizationserver;

import static dev.tokenkeep.authorizationserver.RawServer.answering;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.SelfSignedServer;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request and its one outcome, against servers that behave and servers that don't. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TokenEndpointTest {

    private static final Secret REFRESH_TOKEN = Secret.of("rt+1/&=");
    private static final Duration HARD_CAP = Duration.ofSeconds(15);
    private static final Duration SHORT_CAP = Duration.ofMillis(300);
    /** More than one registration has permits. */
    private static final int HANGING = 40;

    private static final String TOKENS = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\",\"expires_in\":60}";
    private static final String MEGABYTE = "x".repeat(1024 * 1024);

    @Inject
    TokenEndpoint endpoint;

    @Inject
    Ticker ticker;

    @Inject
    TlsConfigurationRegistry tls;

    @Inject
    Event<CertificateUpdatedEvent> replacements;

    @Inject
    OutboundTls outbound;

    @Inject
    Vertx vertx;

    @Test
    @DisplayName("A2: a POST that keeps the endpoint's own query")
    void sendsTheFormItsCredentialsAndTheEndpointsOwnQuery() throws Exception {
        try (var server = new RawServer(ok("application/json", TOKENS))) {
            TokenAnswer answer = refresh(server.address("/oauth/token?x=1&y=a%20b"), HARD_CAP);

            assertThat(answer.outcome()).isInstanceOf(Refreshed.class);
            String request = server.request();
            assertThat(request.lines().findFirst()).contains("POST /oauth/token?x=1&y=a%20b HTTP/1.1");
            assertThat(request.lines().toList())
                    .contains("Content-Type: application/x-www-form-urlencoded", "X-Gateway: g-1")
                    .anyMatch(line -> line.startsWith("Authorization: Basic MVBwRy"))
                    .anyMatch(line -> line.equals("Accept: application/json"))
                    .noneMatch(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("accept-encoding"));
            assertThat(request.substring(request.indexOf("\r\n\r\n") + 4).split("&"))
                    .containsExactlyInAnyOrder(
                            "grant_type=refresh_token",
                            "refresh_token=rt%2B1%2F%26%3D",
                            "client_id=1PpG%2FQ+1",
                            "audience=https%3A%2F%2Fapi.example%2F%3Fa%26b");
        }
    }

    @Test
    void keepsAnEndpointWithoutAPathAsItIs() throws Exception {
        try (var server = new RawServer(ok("application/json", TOKENS))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
            assertThat(server.request()).startsWith("POST /token HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=",
                "application/json; charset=no-such",
                "garbage",
                "",
                "a/b/c",
                ";;;",
                "text/html",
                "multipart/form-data"
            })
    @DisplayName("C: tokens of any content type")
    void takesTheTokensWhateverTheirContentTypeIs(String contentType) throws Exception {
        try (var server = new RawServer(ok(contentType, TOKENS))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
        }
    }

    @Test
    @DisplayName("B6, D: a 503 with Retry-After is transient")
    void readsRetryAfterByTheServersOwnClock() throws Exception {
        try (var server = new RawServer(answering(
                "HTTP/1.1 503 Service Unavailable",
                "Date: Wed, 21 Oct 2015 07:28:00 GMT",
                "Retry-After: Wed, 21 Oct 2015 07:28:30 GMT",
                "Content-Length: 0",
                "",
                ""))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Refused(FailureClass.TRANSIENT, "http_503", Duration.ofSeconds(30)));
        }
    }

    @Test
    @DisplayName("B6: Auth0's 429 is obeyed by its X-RateLimit-Reset")
    void readsWhenAThrottlingServerResets() throws Exception {
        String body = "{\"error\":\"too_many_requests\"}";
        try (var server = new RawServer(answering(
                "HTTP/1.1 429 Too Many Requests",
                "date: Wed, 21 Oct 2015 07:28:00 GMT",
                "x-ratelimit-limit: 100",
                "x-ratelimit-remaining: 0",
                "x-ratelimit-reset: 1445412510",
                "Content-Length: " + body.length(),
                "",
                body))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Refused(FailureClass.TRANSIENT, "too_many_requests", Duration.ofSeconds(30)));
        }
    }

    @Test
    void sendsNothingOnceTheLeaseIsOver() throws Exception {
        try (var server = new RawServer(ok("application/json", TOKENS))) {
            Lease over = new Lease(Deadline.after(ticker.nanos(), Duration.ofMillis(-1)));
            ClientRegistration registration = WireRegistrations.at(server.address("/token"));

            TokenAnswer answer = await(endpoint.send(registration, Grant.refreshToken(REFRESH_TOKEN), over, HARD_CAP));

            assertThat(answer.outcome()).isEqualTo(new NotSent("lease_too_short"));
            assertThat(refresh(registration, HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
            server.request();
            assertThat(server.otherRequests()).isEmpty();
        }
    }

    @Test
    @DisplayName("D: nothing was sent where the connection fails")
    void nothingWasSentWhereNobodyListens() throws Exception {
        URI nobody;
        try (var server = new RawServer(RawServer.silent())) {
            nobody = server.address("/token");
        }
        assertThat(refresh(nobody, HARD_CAP).outcome()).isEqualTo(new NotSent("connection_refused"));
    }

    @Test
    @DisplayName("D: nothing was sent where the name is unknown")
    void nothingWasSentToAHostThatDoesNotExist() {
        assertThat(refresh(URI.create("https://as.invalid/token"), HARD_CAP).outcome())
                .isEqualTo(new NotSent("unknown_host"));
    }

    @Test
    @DisplayName("D: nothing was sent where the TLS handshake fails")
    void nothingWasSentWhereTheTlsHandshakeFails() throws Exception {
        try (var server = new RawServer(RawServer.silent())) {
            URI plain = server.address("/token");
            URI secure = URI.create("https://127.0.0.1:" + plain.getPort() + "/token");

            assertThat(refresh(secure, SHORT_CAP).outcome()).isEqualTo(new NotSent("connect_failed"));
        }
    }

    @Test
    @DisplayName("B1, K14: a bad certificate is refused")
    void nothingIsSentToACertificateThatNobodyVouchesFor() throws Exception {
        try (var server = SelfSignedServer.start()) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new NotSent("untrusted_certificate"));
            assertThat(server.requests()).isZero();
        }
    }

    @Test
    void trustsAPrivateAuthorityThatTheRegistrationNames() throws Exception {
        try (var server = SelfSignedServer.start(TokenEndpointTest::answer)) {
            server.vouchedForAs("private", tls);
            var registration = WireRegistrations.over(server.address("/token"), "private");
            assertThat(refresh(registration, HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
        }
    }

    @Test
    void anAuthorityThatIsReplacedCountsFromThenOn() throws Exception {
        try (var former = SelfSignedServer.start(TokenEndpointTest::answer);
                var latter = SelfSignedServer.start(TokenEndpointTest::answer)) {
            former.vouchedForAs("replaced", tls);
            assertThat(refresh(WireRegistrations.over(former.address("/token"), "replaced"), HARD_CAP)
                            .outcome())
                    .isInstanceOf(Refreshed.class);
            var registration = WireRegistrations.over(latter.address("/token"), "replaced");
            assertThat(refresh(registration, HARD_CAP).outcome()).isEqualTo(new NotSent("untrusted_certificate"));
            latter.vouchedForAs("replaced", tls);
            replacements.fire(
                    new CertificateUpdatedEvent("replaced", tls.get("replaced").orElseThrow()));
            assertThat(refresh(registration, HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
        }
    }

    /** It is told at every look, and connections are kept where nothing was replaced. */
    @Test
    void theFirstReloadReplacesNothingByItself() throws Exception {
        try (var former = SelfSignedServer.start(TokenEndpointTest::answer);
                var latter = SelfSignedServer.start(TokenEndpointTest::answer)) {
            former.vouchedForAs("reloaded", tls);
            refresh(WireRegistrations.over(former.address("/token"), "reloaded"), HARD_CAP);
            assertThat(outbound.isReplaced("reloaded", tls.get("reloaded").orElseThrow()))
                    .isFalse();
            latter.vouchedForAs("reloaded", tls);
            assertThat(outbound.isReplaced("reloaded", tls.get("reloaded").orElseThrow()))
                    .isTrue();
        }
    }

    @Test
    void whatIsUnderWayIsAnsweredThoughTheAuthorityIsReplaced() throws Exception {
        var gate = new Gate();
        try (var former = SelfSignedServer.start(exchange -> {
                    gate.pass();
                    answer(exchange);
                });
                var latter = SelfSignedServer.start(TokenEndpointTest::answer)) {
            former.vouchedForAs("rolled", tls);
            var underWay = endpoint.send(
                    WireRegistrations.over(former.address("/token"), "rolled"),
                    Grant.refreshToken(REFRESH_TOKEN),
                    lease(),
                    Duration.ofSeconds(20));
            gate.awaitArrival();
            latter.vouchedForAs("rolled", tls);
            replacements.fire(
                    new CertificateUpdatedEvent("rolled", tls.get("rolled").orElseThrow()));
            var registration = WireRegistrations.over(latter.address("/token"), "rolled");
            for (int i = 0; i < 20; i++) {
                assertThat(refresh(registration, HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
            }
            gate.open();
            assertThat(await(underWay).outcome()).isInstanceOf(Refreshed.class);
        } finally {
            gate.open();
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, TOKENS.length());
        exchange.getResponseBody().write(TOKENS.getBytes(UTF_8));
        exchange.close();
    }

    @Test
    @DisplayName("D: ambiguous once the request was sent and the connection is reset")
    void theOutcomeIsUnknownOnceTheRequestWasSentAndTheConnectionIsLost() throws Exception {
        try (var server = new RawServer(RawServer.resetting())) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Unknown("connection_lost", null));
            assertThat(server.request()).startsWith("POST /token");
            assertThat(server.otherRequests()).isEmpty();
        }
    }

    @Test
    @DisplayName("D: ambiguous when the answer breaks off")
    void theOutcomeIsUnknownWhenTheAnswerBreaksOff() throws Exception {
        try (var server =
                new RawServer(answering("HTTP/1.1 200 OK", "Content-Length: 500", "", "{\"access_token\":\"at"))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Unknown("connection_lost", null));
        }
    }

    @Test
    void theOutcomeIsUnknownWhenTheAnswerIsNoHttp() throws Exception {
        try (var server = new RawServer(answering("SSH-2.0-OpenSSH_9.6", ""))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Unknown("connection_lost", null));
        }
    }

    @Test
    @DisplayName("D: ambiguous once the request was sent and is never answered")
    void theHardCapEndsARequestThatIsNeverAnswered() throws Exception {
        try (var server = new RawServer(RawServer.silent())) {
            long before = ticker.nanos();
            TokenAnswer answer = refresh(server.address("/token"), SHORT_CAP);

            assertThat(answer.outcome()).isEqualTo(new Unknown("timeout", null));
            assertThat(answer.startedNanos()).isBetween(before, ticker.nanos() - SHORT_CAP.toNanos());
        }
    }

    @Test
    void theHardCapCountsFromTheFirstByteWhateverDripsIn() throws Exception {
        try (var server = new RawServer(
                RawServer.endless("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", " ".getBytes(ISO_8859_1), 20))) {
            TokenAnswer answer = refresh(server.address("/token"), SHORT_CAP);

            assertThat(answer.outcome()).isEqualTo(new Unknown("timeout", null));
            assertThat(Duration.ofNanos(ticker.nanos() - answer.startedNanos())).isLessThan(HARD_CAP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "500 Internal Server Error", "400 Bad Request"})
    void readsNoMoreThanAMegabyteOfAnyAnswer(String status) throws Exception {
        try (var server = new RawServer(RawServer.endless(
                "HTTP/1.1 " + status + "\r\n\r\n",
                MEGABYTE.substring(0, 64 * 1024).getBytes(ISO_8859_1),
                0))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Unknown("response_too_large", null));
        }
    }

    @Test
    void takesAnAnswerOfAMegabyte() throws Exception {
        String padded = TOKENS + " ".repeat(1024 * 1024 - TOKENS.length());
        try (var server = new RawServer(ok("application/json", padded))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
        }
    }

    @Test
    @DisplayName("C: a compressed answer that nobody asked for")
    void takesACompressedAnswerThatNobodyAskedFor() throws Exception {
        try (var server = new RawServer(compressed(TOKENS))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
        }
    }

    @Test
    void readsNoMoreThanAMegabyteOfACompressedAnswer() throws Exception {
        try (var server = new RawServer(compressed(TOKENS + " ".repeat(50 * 1024 * 1024)))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Unknown("response_too_large", null));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @DisplayName("D: a redirect is never followed")
    void followsNoRedirect(int status) throws Exception {
        try (var elsewhere = new RawServer(ok("application/json", TOKENS));
                var server = new RawServer(answering(
                        "HTTP/1.1 " + status + " Moved",
                        "Location: " + elsewhere.address("/token"),
                        "Content-Length: 0",
                        "",
                        ""))) {
            assertThat(refresh(server.address("/token"), HARD_CAP).outcome())
                    .isEqualTo(new Unknown("redirected", null));
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @Test
    void cancellingWhoeverWaitsDoesNotCancelTheRequest() throws Exception {
        var answered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        try (var server = new RawServer((connection, closing) -> {
            gate.await();
            ok("application/json", TOKENS).act(connection, closing);
            answered.countDown();
        })) {
            var outcome = new CompletableFuture<TokenResult>();
            CompletionStage<TokenAnswer> stage = endpoint.send(
                    WireRegistrations.at(server.address("/token")),
                    Grant.refreshToken(REFRESH_TOKEN),
                    lease(),
                    HARD_CAP);
            stage.thenAccept(answer -> outcome.complete(answer.outcome()));
            var waiter = stage.thenApply(TokenAnswer::outcome).toCompletableFuture();

            server.request();
            waiter.cancel(true);
            gate.countDown();

            assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Refreshed.class);
            assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void canBeCalledOnAnEventLoopAndCompletesElsewhereThanOnItsCallersStack() throws Exception {
        try (var server = new RawServer(ok("application/json", TOKENS))) {
            ClientRegistration registration = WireRegistrations.at(server.address("/token"));
            var outcome = new CompletableFuture<TokenResult>();
            vertx.getOrCreateContext().runOnContext(start -> {
                CompletionStage<TokenAnswer> stage =
                        endpoint.send(registration, Grant.refreshToken(REFRESH_TOKEN), lease(), HARD_CAP);
                assertThat(stage.toCompletableFuture().isDone()).isFalse();
                stage.thenAccept(answer -> outcome.complete(answer.outcome()));
            });
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Refreshed.class);
        }
    }

    @Test
    @DisplayName(
            "L5: whatever hangs at a server, the next registration's request finds a connection, to this server too")
    void registrationsDoNotWaitForEachOthersConnections() throws Exception {
        try (var stuck = new RawServer(RawServer.silent());
                var server = new RawServer(ok("application/json", TOKENS))) {
            List<CompletionStage<TokenAnswer>> waiting = new ArrayList<>();
            for (int i = 0; i < HANGING; i++) {
                ClientRegistration one = WireRegistrations.at(stuck.address("/token"));
                waiting.add(endpoint.send(one, Grant.refreshToken(REFRESH_TOKEN), lease(), HARD_CAP));
                stuck.request();
            }

            assertThat(refresh(server.address("/token"), HARD_CAP).outcome()).isInstanceOf(Refreshed.class);
            assertThat(stuck.connections()).isEqualTo(HANGING);
            assertThat(waiting).noneMatch(stage -> stage.toCompletableFuture().isDone());
        }
    }

    private Lease lease() {
        return new Lease(Deadline.after(ticker.nanos(), Duration.ofSeconds(20)));
    }

    private TokenAnswer refresh(URI tokenEndpoint, Duration hardCap) {
        return refresh(WireRegistrations.at(tokenEndpoint), hardCap);
    }

    private TokenAnswer refresh(ClientRegistration registration, Duration hardCap) {
        return await(endpoint.send(registration, Grant.refreshToken(REFRESH_TOKEN), lease(), hardCap));
    }

    private static TokenAnswer await(CompletionStage<TokenAnswer> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static RawServer.Behaviour ok(String contentType, String body) {
        return answering(
                "HTTP/1.1 200 OK", "Content-Type: " + contentType, "Content-Length: " + body.length(), "", body);
    }

    private static RawServer.Behaviour compressed(String body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes(ISO_8859_1));
        }
        return answering(
                "HTTP/1.1 200 OK",
                "Content-Encoding: gzip",
                "Content-Length: " + bytes.size(),
                "",
                bytes.toString(ISO_8859_1));
    }
}
