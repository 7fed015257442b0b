package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers that wait for a refresh cost, and what they can break by going away. */
@QuarkusTest
@TestProfile(FewThreads.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class WaitingCallersTest {

    private static final int CALLERS = 3 * FewThreads.WORKERS;

    ScriptedAuthorizationServer server;

    @TestHTTPResource
    URI base;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void holdNoThreadAndCauseOneRefresh() {
        String id = withoutAccessToken();
        int before = server.ledger().tokenRequests();
        Gate gate = server.holdNextAnswer();
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(base.resolve("/v1/sessions/" + id + "/access-token"))
                .header("Authorization", "Bearer " + CallerKeys.token("sub-all"))
                .build();
        List<CompletableFuture<HttpResponse<String>>> waiting = Stream.generate(
                        () -> http.sendAsync(request, BodyHandlers.ofString()))
                .limit(CALLERS)
                .toList();
        gate.awaitArrival();
        as("all").get("/v1/sessions/" + id).then().statusCode(200).body("version", equalTo(1));
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        gate.open();
        assertThat(waiting).allMatch(answer -> answer.join().statusCode() == 200);
        assertThat(server.ledger().tokenRequests()).isEqualTo(before + 1);
    }

    @Test
    void goAwayWithoutHarmToTheRefresh() throws Exception {
        String id = withoutAccessToken();
        int before = server.ledger().tokenRequests();
        Gate gate = server.holdNextAnswer();
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/sessions/%s/access-token HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(id, CallerKeys.token("sub-all"))
                            .getBytes(StandardCharsets.US_ASCII));
            gate.awaitArrival();
        }
        as("all").get("/v1/sessions/" + id).then().statusCode(200).body("version", equalTo(1));
        gate.open();
        await().untilAsserted(() ->
                as("all").get("/v1/sessions/" + id).then().statusCode(200).body("version", equalTo(2)));
        assertThat(server.ledger().tokenRequests()).isEqualTo(before + 1);
    }

    private String withoutAccessToken() {
        return as("all")
                .body("{\"registration\":\"test\",\"subject\":\"alice\",\"token_response\":%s}"
                        .formatted(server.issue("alice").refreshTokenOnly()))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }
}
