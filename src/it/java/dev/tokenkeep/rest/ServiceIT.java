package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static dev.tokenkeep.rest.SessionsApiTest.registered;
import static dev.tokenkeep.rest.SessionsApiTest.registeredAt;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every kind of answer of the packaged application, of the native executable where that was built. */
@QuarkusIntegrationTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class ServiceIT {

    ScriptedAuthorizationServer server;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void keepsASessionServesItAndRefreshesIt() {
        IssuedTokens tokens = server.issue("alice");
        String id = registered("alice", tokens.json());
        as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(200)
                .body("access_token", equalTo(tokens.accessToken()))
                .body("token_type", equalTo("Bearer"))
                .body("version", equalTo(1));
        as("all")
                .body("{\"if_version\":1}")
                .post("/v1/sessions/" + id + "/refresh")
                .then()
                .statusCode(200)
                .body("status", equalTo("ACTIVE"))
                .body("version", equalTo(2))
                .body("refreshed_at", notNullValue());
        String refreshed = as("all").get("/v1/sessions/" + id + "/access-token").path("access_token");
        assertThat(server.isActive(refreshed)).isTrue();
        as("all")
                .get("/v1/sessions?subject=alice&registration=test")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(id));
        as("all").delete("/v1/sessions?subject=alice").then().statusCode(200).body("removed", equalTo(1));
    }

    /** Its signature is checked by keys that are fetched, and its claims are shown. */
    @Test
    void showsARefreshedIdToken() {
        var claims =
                IdTokenIssuer.claims("https://as.example/", "ida", Instant.now().getEpochSecond());
        String idToken = server.idTokens().sign(claims);
        server.idTokens().answer(idToken);
        String json = server.issue("ida").json();
        String id = registeredAt(
                "keyed", "ida", json.substring(0, json.lastIndexOf('}')) + ",\"id_token\":\"" + idToken + "\"}");
        as("all")
                .get("/v1/sessions/" + id + "/id-token?fresh=true")
                .then()
                .statusCode(200)
                .body("claims.sub", equalTo("ida"));
        assertThat(server.idTokens().jwksRequests()).isPositive();
    }

    @Test
    void tellsASessionThatFailed() {
        String id = registered("bob", server.issue("bob").json());
        server.answerNext(400, "{\"error\":\"invalid_grant\"}");
        as("all")
                .post("/v1/sessions/" + id + "/refresh")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:reauthentication-required"))
                .body("code", equalTo("invalid_grant"));
        as("all")
                .get("/v1/sessions/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("REAUTHENTICATION_REQUIRED"))
                .body("failure.code", equalTo("invalid_grant"))
                .body("failure.attempts", equalTo(1));
    }

    @Test
    void refusesWithProblems() {
        given().get("/v1/sessions/none").then().statusCode(401).header("WWW-Authenticate", notNullValue());
        as("sessions-read").get("/v1/keys").then().statusCode(403);
        as("all")
                .body("{\"registration\":\"test\",\"subject\":7}")
                .post("/v1/sessions")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:invalid-request"))
                .body("member", equalTo("subject"));
        as("all").get("/v1/sessions/none").then().statusCode(404).header("Cache-Control", "no-store");
    }

    @Test
    void showsOperatorsRegistrationsKeysAndTheContract() {
        as("sessions-admin").get("/v1/registrations").then().statusCode(200).body("items.name", hasItem("test"));
        as("sessions-admin")
                .get("/v1/keys")
                .then()
                .statusCode(200)
                .body("encrypting", equalTo("k1"))
                .body("items.find { it.id == 'k1' }.rows", greaterThanOrEqualTo(1));
        given().accept("application/json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .body("components.schemas.TokenkeepProblem", notNullValue());
    }
}
