package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A caller over its limit is told so, and nobody else is. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class CallLimitsApiTest {

    ScriptedAuthorizationServer server;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void refusesACallerThatCallsTooOften() {
        for (int i = 0; i < 3; i++) {
            as("hasty").get("/v1/sessions").then().statusCode(200);
        }
        String wait = as("hasty")
                .get("/v1/sessions")
                .then()
                .statusCode(429)
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:tokenkeep:problem:too-many-requests"))
                .extract()
                .header("Retry-After");
        assertThat(Long.parseLong(wait)).isBetween(1L, 1200L);
        as("all").get("/v1/sessions").then().statusCode(200);
    }

    @Test
    void refusesMoreCallsAtOnceAndAdmitsTheNextOnceOneIsOver() {
        String id = SessionsApiTest.registered("a", server.issue("a").json());
        Gate gate = server.holdNextAnswer();
        CompletableFuture<Integer> held = CompletableFuture.supplyAsync(
                () -> as("slow").post("/v1/sessions/" + id + "/refresh").statusCode());
        gate.awaitArrival();
        as("slow").get("/v1/sessions/" + id + "/access-token").then().statusCode(429);
        as("all").get("/v1/sessions/" + id + "/access-token").then().statusCode(200);
        gate.open();
        assertThat(held.join()).isEqualTo(200);
        await().until(() ->
                as("slow").get("/v1/sessions/" + id + "/access-token").statusCode() == 200);
    }
}
