package dev.tokenkeep.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.session.store.SessionReads;
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
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Access tokens by whose they are. */
@QuarkusTest
@TestProfile(FewThreads.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class SubjectTokensTest {

    private static final Duration SEEN = Duration.ofSeconds(3);

    ScriptedAuthorizationServer server;

    @Inject
    SessionReads reads;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private final Map<String, String> jwts = new HashMap<>();
    private final String subject = "subject " + UUID.randomUUID() + " & son";

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    private RequestSpecification as(String caller) {
        String jwt = jwts.computeIfAbsent(caller, name -> CallerKeys.token("sub-" + name));
        return given().header("Authorization", "Bearer " + jwt).contentType("application/json");
    }

    private Response read(String caller) {
        return as(caller)
                .queryParam("registration", "test")
                .queryParam("subject", subject)
                .get("/v1/access-token");
    }

    private String registered(IssuedTokens tokens) {
        return SessionsApiTest.registered(subject, tokens.json());
    }

    private void isRead(IssuedTokens tokens, String session) {
        read("all")
                .then()
                .statusCode(200)
                .header("Content-Location", "sessions/" + session + "/access-token")
                .header("Cache-Control", "no-store")
                .body("access_token", equalTo(tokens.accessToken()))
                .body("version", equalTo(1));
    }

    @Test
    void aSubjectsTokenIsReadFromTheDatabaseAndFromMemoryAlike() {
        IssuedTokens tokens = server.issue("alice");
        String session = registered(tokens);
        isRead(tokens, session);
        remembered(session);
        isRead(tokens, session);
    }

    @Test
    void theNewestActiveSessionCounts() {
        IssuedTokens first = server.issue("alice");
        String former = registered(first);
        isRead(first, former);
        IssuedTokens second = server.issue("alice");
        String latter = registered(second);
        await().atMost(SEEN).untilAsserted(() -> isRead(second, latter));
        new Sql(database)
                .execute("update tokenkeep_session set status = 'REAUTHENTICATION_REQUIRED' where id = '" + latter
                        + "'");
        await().atMost(SEEN).untilAsserted(() -> isRead(first, former));
        as("all").delete("/v1/sessions/" + former).then().statusCode(204);
        // Its last token is still good, as by its id.
        await().atMost(SEEN)
                .untilAsserted(
                        () -> read("all").then().statusCode(200).body("status", equalTo("REAUTHENTICATION_REQUIRED")));
        as("all").delete("/v1/sessions/" + latter).then().statusCode(204);
        await().atMost(SEEN)
                .untilAsserted(() -> read("all")
                        .then()
                        .statusCode(404)
                        .body("type", equalTo("urn:tokenkeep:problem:session-not-found")));
    }

    /** What was found may have ended since. A reader must not be sent to a sign-in where a newer session is good. */
    @Test
    void aSessionThatHasJustEndedGivesWayToAnother() {
        IssuedTokens good = server.issue("alice");
        String other = registered(good);
        new Sql(database)
                .execute("update tokenkeep_session set created_at = created_at - interval '1 hour' where id = '" + other
                        + "'");
        String ending = registered(server.issue("alice"));
        read("all").then().statusCode(200);
        new Sql(database)
                .execute("update tokenkeep_session set status = 'QUARANTINED', access_token = null where id = '"
                        + ending + "'");
        isRead(good, other);
    }

    @Test
    void aSessionWhoseUserHasToSignInAgainIsToldAsByItsId() {
        String session = registered(server.issue("alice"));
        new Sql(database)
                .execute("update tokenkeep_session set status = 'QUARANTINED', access_token = null where id = '"
                        + session + "'");
        read("all")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:reauthentication-required"))
                .body("session", equalTo(session));
    }

    @Test
    void nobodyReadsTheTokensOfAnothersSessions() {
        registered(server.issue("alice"));
        read("all").then().statusCode(200);
        read("tokens-read").then().statusCode(404);
        read("sessions-read").then().statusCode(403);
        read("narrow").then().statusCode(403);
        given().get("/v1/access-token?registration=test&subject=x").then().statusCode(401);
    }

    @Test
    void badInputIsNamed() {
        for (var wrong : List.of(
                List.of("subject=a", "registration"),
                List.of("registration=test", "subject"),
                List.of("registration=&subject=a", "registration"),
                List.of("registration=nobody&subject=a", "registration"),
                List.of("registration=test&subject=", "subject"),
                List.of("registration=test&subject=a&min_ttl=x", "min_ttl"),
                List.of("registration=test&subject=a&subject=b", "subject"),
                List.of("registration=test&subject=a&user=b", "user"))) {
            as("all")
                    .get("/v1/access-token?" + wrong.get(0))
                    .then()
                    .statusCode(400)
                    .body("member", equalTo(wrong.get(1)));
        }
    }

    @Test
    void everyHandingOutIsAudited() {
        String session = registered(server.issue("alice"));
        for (int i = 0; i < 2; i++) {
            String requestId = "by-subject-" + UUID.randomUUID();
            try (var lines = LogLines.of("dev.tokenkeep.audit")) {
                as("all")
                        .header("X-Request-Id", requestId)
                        .queryParam("registration", "test")
                        .queryParam("subject", subject)
                        .get("/v1/access-token")
                        .then()
                        .statusCode(200);
                assertThat(lines.with(requestId))
                        .singleElement()
                        .satisfies(line -> assertThat(line)
                                .contains(
                                        "\"operation\":\"readSubjectAccessToken\"",
                                        "\"decision\":\"allowed\"",
                                        "\"registration\":\"test\""));
            }
            remembered(session);
        }
    }

    private void remembered(String session) {
        await().until(() -> {
            read("all").then().statusCode(200);
            return reads.remembered(session).isPresent();
        });
    }
}
