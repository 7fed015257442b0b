package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written down of calls. In these tests it is written to the table too, and nothing is handed out otherwise. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class AuditTest {

    ScriptedAuthorizationServer server;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private final String requestId = "test-" + UUID.randomUUID();
    private LogLines lines;

    @BeforeEach
    void listen() {
        lines = LogLines.of("dev.tokenkeep.audit");
    }

    @AfterEach
    void asUsual() {
        lines.close();
        server.asUsual();
    }

    private static String registered(IssuedTokens tokens) {
        return SessionsApiTest.registered("alice", tokens.json());
    }

    /** The one line of a call. */
    private JsonNode line() throws IOException {
        return json(lines.with(requestId).get(0));
    }

    private static JsonNode json(String line) throws IOException {
        return Json.read(line.substring(line.indexOf('{')).getBytes());
    }

    @Test
    void tellsWhoWasHandedOutWhat() throws Exception {
        IssuedTokens tokens = server.issue("alice");
        String id = registered(tokens);
        as("all")
                .header("X-Request-Id", requestId)
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(200)
                .header("X-Request-Id", requestId);
        JsonNode line = line();
        assertThat(lines.with(requestId)).hasSize(1);
        assertThat(line.get("caller").textValue()).isEqualTo("all");
        assertThat(line.get("operation").textValue()).isEqualTo("readAccessToken");
        assertThat(line.get("registration").textValue()).isEqualTo("test");
        assertThat(line.get("decision").textValue()).isEqualTo("allowed");
        assertThat(line.get("rt_version").longValue()).isEqualTo(1);
        assertThat(line.get("key_id").textValue()).isNotBlank();
        assertThat(line.get("latency_ms").doubleValue()).isPositive();
        assertThat(line.get("time").textValue()).startsWith("20");
        assertThat(line.get("session").textValue()).hasSize(43);
        assertThat(line.toString()).doesNotContain(id, tokens.accessToken(), tokens.refreshToken(), "alice");
        assertThat(rows("select count(*) from tokenkeep_audit where caller = 'all' and operation = 'readAccessToken'"
                        + " and decision = 'allowed' and rt_version = 1 and octet_length(session) = 32 and request_id = '"
                        + requestId + "'"))
                .isEqualTo(1);
    }

    @Test
    void tellsOfTheSameSessionByTheSameName() throws IOException {
        String id = registered(server.issue("alice"));
        as("all").header("X-Request-Id", requestId).get("/v1/sessions/" + id + "/access-token");
        String name = line().get("session").textValue();
        as("all").header("X-Request-Id", requestId + "-2").delete("/v1/sessions/" + id);
        assertThat(lines.with(requestId + "-2")).singleElement().asString().contains(name, "removeSession");
    }

    @Test
    void tellsEveryChange() {
        String id = registered(server.issue("alice"));
        assertThat(lines.with("registerSession")).singleElement().asString().contains("allowed");
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        assertThat(lines.with("refreshSession")).hasSize(1);
        // What the refresh itself changed, whoever asked for it.
        await().until(() -> lines.with("\"refreshed\"").size() == 1);
        as("all")
                .body("{\"token_response\":" + server.issue("alice").json() + "}")
                .put("/v1/sessions/" + id)
                .then()
                .statusCode(200);
        assertThat(lines.with("replaceTokens")).hasSize(1);
        as("all").post("/v1/registrations/test/resume").then().statusCode(204);
        assertThat(lines.with("resumeRegistration")).hasSize(1);
    }

    @Test
    void tellsEveryRefusal() throws IOException {
        refused(403, "sub-unknown", "forbidden", null);
        refused(404, "sub-all", "session-not-found", "all");
        given().header("X-Request-Id", requestId + "-nobody")
                .get(nowhere())
                .then()
                .statusCode(401);
        assertThat(lines.with(requestId + "-nobody")).singleElement().asString().contains("refused", "unauthorized");
        as("all")
                .header("X-Request-Id", requestId + "-empty")
                .body("{}")
                .post("/v1/sessions")
                .then()
                .statusCode(400);
        assertThat(lines.with(requestId + "-empty")).singleElement().asString().contains("refused", "invalid-request");
    }

    private void refused(int status, String subject, String reason, String caller) throws IOException {
        String call = requestId + "-" + status;
        given().header("Authorization", "Bearer " + CallerKeys.token(subject))
                .header("X-Request-Id", call)
                .get(nowhere())
                .then()
                .statusCode(status);
        assertThat(lines.with(call)).hasSize(1);
        JsonNode line = json(lines.with(call).get(0));
        assertThat(line.get("decision").textValue()).isEqualTo("refused");
        assertThat(line.get("reason").textValue()).isEqualTo(reason);
        assertThat(line.path("caller").textValue()).isEqualTo(caller);
        assertThat(line.get("operation").textValue()).isEqualTo("readAccessToken");
    }

    private static String nowhere() {
        return "/v1/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/access-token";
    }

    @Test
    void onlyLookingIsNotAudited() {
        String id = registered(server.issue("alice"));
        as("all")
                .header("X-Request-Id", requestId)
                .get("/v1/sessions/" + id)
                .then()
                .statusCode(200);
        as("all").header("X-Request-Id", requestId).get("/v1/sessions").then().statusCode(200);
        as("all")
                .header("X-Request-Id", requestId)
                .get("/v1/registrations")
                .then()
                .statusCode(200);
        assertThat(lines.with(requestId)).isEmpty();
    }

    @Test
    void takesNoRequestIdThatDoesNotBelongInALog() {
        String odd = "\"},{\"caller\":\"somebody";
        given().header("X-Request-Id", odd).get(nowhere()).then().statusCode(401);
        assertThat(lines.with("somebody")).isEmpty();
    }

    @Test
    void handsOutNothingThatCantBeWrittenDown() {
        String id = registered(server.issue("alice"));
        execute("alter table tokenkeep_audit add constraint broken check (operation <> 'readAccessToken') not valid");
        try {
            String body = as("all")
                    .get("/v1/sessions/" + id + "/access-token")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", equalTo("1"))
                    .body("type", equalTo("urn:tokenkeep:problem:audit-unavailable"))
                    .extract()
                    .asString();
            assertThat(body).doesNotContain("access_token");
        } finally {
            execute("alter table tokenkeep_audit drop constraint broken");
        }
        as("all").get("/v1/sessions/" + id + "/access-token").then().statusCode(200);
    }

    @Test
    void whatIsWrittenStays() {
        registered(server.issue("alice"));
        for (String tampering : new String[] {
            "delete from tokenkeep_audit", "update tokenkeep_audit set caller = 'another'", "truncate tokenkeep_audit"
        }) {
            assertThatThrownBy(() -> execute(tampering)).hasMessageContaining("append-only");
        }
    }

    private long rows(String sql) {
        return Long.parseLong(new Sql(database).select(sql));
    }

    private void execute(String sql) {
        new Sql(database).execute(sql);
    }
}
