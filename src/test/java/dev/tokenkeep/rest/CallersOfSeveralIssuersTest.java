package dev.tokenkeep.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerIssuers;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Issuers that sign in different ways, used at once; only the issuer tells their callers apart. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class CallersOfSeveralIssuersTest {

    private static final int CALLS_EACH = 20;
    private static final int MORE_THAN_THREADS = 300;

    ScriptedAuthorizationServer server;

    @Test
    void letsInTheCallersOfAllIssuersAtOnceAndKeepsTheirSessionsApart() throws Exception {
        String subject = "shared-" + UUID.randomUUID();
        var sessions = new HashMap<String, String>();
        CallerIssuers.ALGORITHMS.keySet().forEach(name -> sessions.put(name, register(name, subject)));
        var workers = Executors.newFixedThreadPool(CallerIssuers.ALGORITHMS.size());
        try {
            List<Future<List<String>>> listings = IntStream.range(0, CALLS_EACH)
                    .boxed()
                    .flatMap(call -> sessions.keySet().stream())
                    .map(name -> workers.submit(() -> sessionsSeen(name, subject)))
                    .toList();
            List<List<String>> expected = Stream.generate(sessions.keySet()::stream)
                    .limit(CALLS_EACH)
                    .flatMap(names -> names)
                    .map(name -> List.of(sessions.get(name)))
                    .toList();
            for (int call = 0; call < listings.size(); call++) {
                assertThat(listings.get(call).get()).isEqualTo(expected.get(call));
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, elliptic, ES256",
        "rsa, edwards, EdDSA",
        "elliptic, rsa, RS256",
        "elliptic, edwards, EdDSA",
        "edwards, rsa, RS256",
        "edwards, elliptic, ES256"
    })
    void believesNoIssuerWhatAnotherOneSigned(String named, String signer, String algorithm) {
        as(CallerIssuers.token(named, signer, algorithm))
                .get("/v1/sessions")
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void refusesAJwtWhoseKeyIdIsNoString() {
        for (String name : CallerIssuers.ALGORITHMS.keySet()) {
            as(CallerIssuers.token(name, name, CallerIssuers.ALGORITHMS.get(name), 7))
                    .get("/v1/sessions")
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json");
        }
    }

    /** Each waits for the issuer's keys, and there are more of them than the server has threads. */
    @Test
    void callersOfAnIssuerThatHangsKeepNobodyElseWaiting() {
        String authorization =
                "Bearer " + CallerIssuers.token(CallerIssuers.HANGING, "rsa", CallerIssuers.ALGORITHMS.get("rsa"));
        HttpClient http = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/sessions"))
                .header("Authorization", authorization)
                .build();
        List<CompletableFuture<HttpResponse<Void>>> waiting = Stream.generate(
                        () -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                .limit(MORE_THAN_THREADS)
                .toList();
        as(CallerIssuers.token("rsa")).get("/v1/sessions").then().statusCode(200);
        assertThat(waiting).as("still waiting").anyMatch(call -> !call.isDone());
        assertThat(waiting)
                .allSatisfy(call -> assertThat(call)
                        .succeedsWithin(Duration.ofSeconds(30))
                        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(503)));
    }

    private String register(String name, String subject) {
        return as(CallerIssuers.token(name))
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "registration",
                        "test",
                        "subject",
                        subject,
                        "token_response",
                        Map.of("refresh_token", server.issue(subject).refreshToken())))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static List<String> sessionsSeen(String name, String subject) {
        return as(CallerIssuers.token(name))
                .queryParam("subject", subject)
                .get("/v1/sessions")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    private static RequestSpecification as(String token) {
        return given().auth().oauth2(token);
    }
}
