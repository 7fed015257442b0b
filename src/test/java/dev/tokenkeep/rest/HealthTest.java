package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What probes and people are told, on the port that is for them. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class HealthTest {

    @TestHTTPResource(value = "/health", management = true)
    String health;

    ScriptedAuthorizationServer server;

    @AfterEach
    void asUsual() {
        as("all").post("/v1/registrations/test/resume").then().statusCode(204);
        server.asUsual();
    }

    @Test
    void isReadyWithItsDatabaseAndItsKeys() {
        given().get(health + "/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.name", hasItems("tokenkeep", "tokenkeep keys", "tokenkeep database"))
                .body("checks.name", not(hasItem("Database connections health check")))
                .body("checks.find { it.name == 'tokenkeep database' }.data.state", equalTo("up"))
                .body("checks.find { it.name == 'tokenkeep keys' }.data.encrypting", equalTo("k1"));
    }

    /** A database that is away must not have every process killed. */
    @Test
    void isAliveWhateverItsDatabaseSays() {
        given().get(health + "/live")
                .then()
                .statusCode(200)
                .body("checks.name.flatten()", equalTo(java.util.List.of()));
        given().get(health + "/started").then().statusCode(200);
    }

    @Test
    void tellsOfARegistrationThatIsPausedAndStaysReady() {
        SessionsApiTest.refuseTwoSessions(server, "test");
        String id = SessionsApiTest.registered("a", server.issue("a").json());
        server.answerNext(401, "{\"error\":\"invalid_client\"}");
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(503);
        given().get(health + "/group/registrations")
                .then()
                .statusCode(503)
                .body("checks.name", contains("tokenkeep registrations"))
                .body("checks[0].data.test", startsWith("paused until "));
        given().get(health + "/ready").then().statusCode(200);
    }

    @Test
    void theApisOwnPortHasNeitherHealthNorMetrics() {
        given().get("/q/health/ready").then().statusCode(404);
        given().get("/q/metrics").then().statusCode(404);
    }
}
