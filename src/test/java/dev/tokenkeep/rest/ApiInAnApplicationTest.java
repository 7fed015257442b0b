package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The API as a part of another application, whose settings are not the service's. */
@QuarkusTest
@TestProfile(ApiInAnApplicationTest.AnotherApplication.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(
        value = CallersResource.class,
        initArgs = @ResourceArg(name = CallersResource.WITH_ISSUERS, value = "false"))
class ApiInAnApplicationTest {

    public static final class AnotherApplication implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "tokenkeep.service", "false",
                    "quarkus.http.auth.proactive", "true",
                    "quarkus.http.limits.max-body-size", "10M",
                    "quarkus.jackson.property-naming-strategy", "UPPER_CAMEL_CASE",
                    "quarkus.jackson.serialization-inclusion", "always",
                    "quarkus.jackson.fail-on-unknown-properties", "true");
        }
    }

    ScriptedAuthorizationServer server;

    @Test
    void answersItsOwnFailuresAsProblems() {
        String unknown = "/v1/sessions/AAAAAAAAAAAAAAAAAAAAAAAA";
        problem("session-not-found", 404, "all", unknown);
        problem("forbidden", 403, "sessions-write", unknown);
        problem("invalid-request", 400, "all", "/v1/sessions?limit=0");
        given().get(unknown)
                .then()
                .statusCode(401)
                .contentType(Problem.MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .header("WWW-Authenticate", "Bearer");
        as("all")
                .body("x".repeat(300 * 1024))
                .post("/v1/sessions")
                .then()
                .statusCode(413)
                .contentType(Problem.MEDIA_TYPE);
    }

    private static void problem(String type, int status, String caller, String path) {
        as(caller)
                .get(path)
                .then()
                .statusCode(status)
                .contentType(Problem.MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:tokenkeep:problem:" + type));
    }

    @Test
    void leavesTheFailuresOfOthersAlone() {
        as("all").get("/not/ours").then().statusCode(404).contentType(not(equalTo(Problem.MEDIA_TYPE)));
        as("all").patch("/v1/sessions").then().statusCode(405).contentType(not(equalTo(Problem.MEDIA_TYPE)));
    }

    @Test
    void speaksTheSameJson() {
        String id = as("all")
                .body("{\"registration\":\"test\",\"subject\":\"alice\",\"token_response\":%s}"
                        .formatted(server.issue("alice").json()))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .body("access_token_expires_at.length()", equalTo("2031-03-07T10:15:30.112Z".length()))
                .extract()
                .path("id");
        String shown = as("all").get("/v1/sessions/" + id).then().extract().asString();
        assertThat(shown).doesNotContain("null").doesNotContain("refreshed_at");
        as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(200)
                .body("AccessToken", nullValue())
                .body(
                        "access_token.length()",
                        equalTo(server.issue("bob").accessToken().length()));
    }
}
