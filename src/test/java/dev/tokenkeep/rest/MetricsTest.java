package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the service tells Prometheus. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class MetricsTest {

    ScriptedAuthorizationServer server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void countsByRegistrationAndNeverBySessionSubjectOrToken() {
        IssuedTokens tokens = server.issue("a-subject");
        Map<String, Object> claims = IdTokenIssuer.claims(
                "https://as.example/", "a-subject", Instant.now().getEpochSecond());
        String json = tokens.json();
        String signIn = json.substring(0, json.lastIndexOf('}')) + ",\"id_token\":\""
                + server.idTokens().sign(claims) + "\"}";
        String id = SessionsApiTest.registered("a-subject", signIn);
        calls(id);
        claims.put("sub", "another-subject");
        server.idTokens().answer(server.idTokens().sign(claims));
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(409);
        as("all").delete("/v1/sessions?subject=a-subject").then().statusCode(200);
        String told = given().get(metrics).then().statusCode(200).extract().asString();
        assertThat(told)
                .contains("tokenkeep_id_token_checks_total{registration=\"test\",result=\"other_subject\"}")
                .contains("tokenkeep_sessions_quarantined_total{registration=\"test\"}")
                .contains("tokenkeep_encryptions_total{key=\"k")
                .doesNotContain(id, "a-subject", "another-subject", tokens.accessToken(), tokens.refreshToken());
    }

    /** Calls that succeed, and calls that end before they meet their method. */
    private static void calls(String id) {
        for (String path : new String[] {"", "/access-token", "/id-token", "/refresh", "/nothing"}) {
            String address = "/v1/sessions/" + id + path;
            as("all").get(address);
            as("all").patch(address);
            as("all").body("x".repeat(300_000)).post(address);
            as("all").contentType("text/plain").body("x").post(address);
            as("nobody").get(address);
            given().get(address);
            given().header("Authorization", "Bearer x.y.z").get(address);
            given().header("Accept", "image/png").get(address);
        }
    }
}
