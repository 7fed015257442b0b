package dev.tokenkeep.rest.exchange;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.rest.FewThreads;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerIssuers;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits at the token endpoint holds no thread, and leaves nothing behind if it goes away. */
@QuarkusTest
@TestProfile(FewThreads.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TokenEndpointThreadsTest {

    private static final int MORE_THAN_THREADS = 2 * FewThreads.WORKERS;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final String RS256 = CallerIssuers.ALGORITHMS.get("rsa");

    ScriptedAuthorizationServer server;

    @TestHTTPResource
    URI base;

    private final String caller = CallerKeys.token("sub-all");
    private String session;

    @BeforeEach
    void register() {
        session = given().auth()
                .oauth2(caller)
                .contentType("application/json")
                .body("{\"registration\":\"test\",\"subject\":\"alice\",\"token_response\":%s}"
                        .formatted(server.issue("alice").json()))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private void everybodyElseIsServed() {
        given().auth().oauth2(caller).get("/v1/sessions/" + session).then().statusCode(200);
        given().auth()
                .oauth2(caller)
                .contentType("application/x-www-form-urlencoded")
                .body(TokenForms.ofSession(session))
                .post("/oauth2/token")
                .then()
                .statusCode(200);
    }

    private CompletableFuture<HttpResponse<String>> sent(HttpClient http, String bearer, String form) {
        var request = HttpRequest.newBuilder(base.resolve("/oauth2/token"))
                .POST(BodyPublishers.ofString(form))
                .header("Content-Type", "application/x-www-form-urlencoded");
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Of the caller as Bearer, of the caller as assertion, of the user, and of a caller whose request is no form. */
    @Test
    void anIssuerThatHangsKeepsNobodyElseWaiting() {
        String hanging = CallerIssuers.token(CallerIssuers.HANGING, "rsa", RS256);
        String user = CallerIssuers.of(CallerIssuers.HANGING, Map.of("sub", "alice"));
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var noForm = HttpRequest.newBuilder(base.resolve("/oauth2/token"))
                .POST(BodyPublishers.noBody())
                .header("Authorization", "Bearer " + hanging)
                .build();
        List<CompletableFuture<HttpResponse<String>>> waiting = Stream.generate(() -> Stream.of(
                        sent(http, hanging, TokenForms.ofSession(session)),
                        sent(http, null, TokenForms.ofSession(session) + TokenForms.assertion(hanging)),
                        sent(http, caller, TokenForms.ofUser(user) + "&audience=test"),
                        http.sendAsync(noForm, BodyHandlers.ofString())))
                .limit(MORE_THAN_THREADS)
                .flatMap(some -> some)
                .toList();
        everybodyElseIsServed();
        assertThat(waiting).as("still waiting").noneMatch(CompletableFuture::isDone);
        assertThat(waiting)
                .allSatisfy(call -> assertThat(call)
                        .succeedsWithin(Duration.ofMillis(TIMEOUT_MILLIS))
                        .satisfies(answer -> {
                            assertThat(answer.statusCode()).isIn(503, 415);
                            assertThat(answer.headers().firstValue("Content-Type"))
                                    .contains("application/json");
                        }));
        List<HttpResponse<String>> unavailable = waiting.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.statusCode() == 503)
                .toList();
        assertThat(unavailable)
                .hasSizeGreaterThanOrEqualTo(3 * MORE_THAN_THREADS)
                .allSatisfy(answer -> {
                    assertThat(answer.body())
                            .contains("\"temporarily_unavailable\"", "\"urn:tokenkeep:problem:issuer-unavailable\"");
                    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                });
    }

    /** They would be in memory as long as an issuer hangs, whoever has sent them. */
    @Test
    void formsThatWaitForKeysCountUntilTheyAreDone() {
        String hanging = CallerIssuers.token(CallerIssuers.HANGING, "rsa", RS256);
        String large = TokenForms.ofSession(session) + TokenForms.assertion(hanging) + "&x=" + "x".repeat(250 * 1024);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<String>>> waiting =
                Stream.generate(() -> sent(http, null, large)).limit(135).toList();
        await().untilAsserted(() -> given().contentType("application/x-www-form-urlencoded")
                .body(large)
                .post("/oauth2/token")
                .then()
                .statusCode(429)
                .header("Retry-After", equalTo("1"))
                .body("error", equalTo("temporarily_unavailable")));
        everybodyElseIsServed();
        assertThat(waiting).allSatisfy(call -> assertThat(call).succeedsWithin(Duration.ofMillis(TIMEOUT_MILLIS)));
        given().contentType("application/x-www-form-urlencoded")
                .body(large)
                .post("/oauth2/token")
                .then()
                .statusCode(503);
    }

    @Test
    void formsThatDoNotArriveHoldNoThreadAndAreGivenUp() throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < MORE_THAN_THREADS; i++) {
                sockets.add(begun(null, "Content-Length: 1000\r\n", "grant_type="));
            }
            everybodyElseIsServed();
            assertThat(answer(sockets.get(0)))
                    .startsWith("HTTP/1.1 400")
                    .containsIgnoringCase("connection: close")
                    .contains("\"error\":\"invalid_request\"", "did not arrive");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** A limit of one call at once shows each that was not given back. */
    @Test
    void aCallerThatGoesAwayWhileItIsAuthenticatedHasNoCallLeft() throws IOException {
        String jwt = CallerIssuers.token(CallerIssuers.GATED, "rsa", RS256);
        Gate gate = CallerIssuers.holdNextKeys();
        String form = TokenForms.ofSession(session);
        try (var exchanging = begun(jwt, "Content-Length: " + form.length() + "\r\n", form);
                var reading = new Socket(base.getHost(), base.getPort())) {
            reading.getOutputStream()
                    .write(("GET /v1/sessions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + jwt + "\r\n\r\n")
                            .getBytes(US_ASCII));
            gate.awaitArrival();
        }
        everybodyElseIsServed();
        gate.open();
        for (int i = 0; i < 3; i++) {
            given().auth().oauth2(jwt).get("/v1/sessions").then().statusCode(200);
        }
    }

    @Test
    void aFormThatIsTooLargeIsRefusedHoweverItIsSent() throws IOException {
        given().auth()
                .oauth2(caller)
                .contentType("application/x-www-form-urlencoded")
                .body("a=" + "x".repeat(300 * 1024))
                .post("/oauth2/token")
                .then()
                .statusCode(413)
                .contentType("application/json")
                .body("error", equalTo("invalid_request"))
                .body("problem", equalTo("urn:tokenkeep:problem:body-too-large"));
        String chunk = "x".repeat(64 * 1024);
        try (var socket = begun(caller, "Transfer-Encoding: chunked\r\n", "")) {
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream()
                        .write((Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n").getBytes(US_ASCII));
            }
            assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("\"error\":\"invalid_request\"");
        }
    }

    private Socket begun(String bearer, String length, String body) throws IOException {
        var socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream()
                .write(("POST /oauth2/token HTTP/1.1\r\nHost: test\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\n"
                                + (bearer == null ? "" : "Authorization: Bearer " + bearer + "\r\n")
                                + length + "\r\n" + body)
                        .getBytes(US_ASCII));
        return socket;
    }

    /** Reads to the end, so it fails unless the server closes the connection. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
}
