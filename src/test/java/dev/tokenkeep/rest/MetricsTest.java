package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.JobsOn;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service tells Prometheus. */
@QuarkusTest
@TestProfile(JobsOn.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class MetricsTest {

    ScriptedAuthorizationServer server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    /** The job would send what a test has not told the server to expect. */
    @BeforeEach
    void noSessions() {
        sql("delete from tokenkeep_session");
    }

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
        assertThat(scrape())
                .contains("tokenkeep_id_token_checks_total{registration=\"test\",result=\"other_subject\"}")
                .contains("tokenkeep_sessions_quarantined_total{registration=\"test\"}")
                .contains("tokenkeep_encryptions_total{key=\"k")
                .doesNotContain(id, "a-subject", "another-subject", tokens.accessToken(), tokens.refreshToken());
    }

    @Test
    void tellsAllOfARegistrationOnceItIsUsed() {
        for (String registration : List.of("test", "other", "narrow")) {
            String id = SessionsApiTest.registeredAt(
                    registration, "alice", server.issue("alice").json());
            refresh(id).statusCode(200);
        }
        String told = scrape();
        for (String registration : List.of("test", "other", "narrow")) {
            for (String outcome :
                    List.of("stored", "unproven", "quarantined", "superseded", "orphaned", "backed_off")) {
                assertThat(told).contains(refreshes(registration, outcome));
            }
            for (String outcome :
                    List.of("reauthentication_required", "user_action_required", "paused", "unknown", "not_sent")) {
                assertThat(told).contains(refreshes(registration, outcome));
            }
            assertThat(told)
                    .contains("tokenkeep_takeovers_total{registration=\"" + registration + "\"}")
                    .contains("tokenkeep_token_request_seconds_count{registration=\"" + registration + "\"}")
                    .contains("tokenkeep_refresh_late_seconds_count{registration=\"" + registration + "\"}")
                    .contains("tokenkeep_breaker{registration=\"" + registration + "\",state=\"closed\"} 1")
                    .contains("tokenkeep_permits{registration=\"" + registration + "\",state=\"free\"}");
        }
        assertThat(told)
                .contains("tokenkeep_answers_held 0")
                .contains("tokenkeep_audit_entries_lost_total 0")
                .contains("tokenkeep_problems_total{problem=\"storage-unavailable\"} 0");
    }

    @Test
    void countsARefreshThatIsStoredWithTheTimeThatWasLeft() {
        String id = registered();
        rises(
                refreshes("test", "stored"),
                () -> rises(
                        "tokenkeep_refresh_ahead_seconds_count{registration=\"test\"}",
                        () -> rises(
                                "tokenkeep_token_request_seconds_count{registration=\"test\"}",
                                () -> refresh(id).statusCode(200))));
    }

    @Test
    void countsASessionThatEndsAndAnOutcomeThatIsNotKnown() {
        String ending = registered();
        server.answerNext(400, "{\"error\":\"invalid_grant\"}");
        rises(
                refreshes("test", "reauthentication_required"),
                () -> refresh(ending).statusCode(409));
        String lost = registered();
        server.dropNextAfterSpending();
        rises(refreshes("test", "unknown"), () -> refresh(lost).statusCode(503));
    }

    @Test
    void tellsOfAPauseAndOfWhatIsDueMeanwhile() {
        SessionsApiTest.refuseTwoSessions(server, "narrow");
        String id = SessionsApiTest.registeredAt(
                "narrow", "alice", server.issue("alice").json());
        server.answerAlwaysFor("alice", 401, "{\"error\":\"invalid_client\"}");
        String remaining = "tokenkeep_pause_remaining_seconds{registration=\"narrow\"}";
        try {
            rises(refreshes("narrow", "paused"), () -> refresh(id).statusCode(503));
            patiently(() -> assertThat(value(remaining)).isPositive());
            patiently(() -> assertThat(value("tokenkeep_sessions_due{registration=\"narrow\"}"))
                    .isEqualTo(3));
            patiently(() -> assertThat(value("tokenkeep_sessions_due_age_seconds{registration=\"narrow\"}"))
                    .isPositive());
        } finally {
            server.asUsual();
            as("all").post("/v1/registrations/narrow/resume").then().statusCode(204);
        }
        patiently(() -> assertThat(value(remaining)).isZero());
    }

    @Test
    void countsATokenThatHadExpiredButNotOneThatWasLeftAlone() {
        String late = "tokenkeep_refresh_late_seconds_count{registration=\"test\"}";
        String expired = registered();
        rises(
                late,
                () -> change(
                        expired,
                        "access_token_expires_at = now() - interval '10 s', refresh_due_at = now() - interval '20 s'"));
        double before = value(late);
        String unread = registered();
        rises(
                refreshes("test", "stored"),
                () -> change(
                        unread,
                        "access_token_expires_at = now() - interval '20 s', refresh_due_at = now() - interval '10 s'"));
        assertThat(value(late)).isEqualTo(before);
    }

    @Test
    void countsASessionThatADeadReplicaLeftBehind() {
        String id = registered();
        rises(
                "tokenkeep_takeovers_total{registration=\"test\"}",
                () -> change(
                        id,
                        "attempt_id = gen_random_uuid(), sent_version = rt_version, sent_at = now() - interval '1 hour',"
                                + " lease_until = now() - interval '1 hour', refresh_due_at = now() - interval '1 hour',"
                                + " access_token_expires_at = now()"));
    }

    @Test
    void countsTokensByTheirSourceAndReadersThatShareARefresh() {
        String id = registered();
        String stored = "tokenkeep_tokens_handed_out_total{registration=\"test\",source=\"store\"}";
        rises(stored, () -> assertThat(read(id)).isEqualTo(200));

        String refreshed = "tokenkeep_tokens_handed_out_total{registration=\"test\",source=\"refresh\"}";
        String joined = "tokenkeep_refreshes_avoided_total{how=\"joined\",registration=\"test\"}";
        double before = value(refreshed);
        Gate gate = server.holdNextAnswer();
        var readers = new ArrayList<CompletableFuture<Integer>>();
        rises(joined, () -> {
            String without =
                    SessionsApiTest.registered("alice", server.issue("alice").refreshTokenOnly());
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> read(without)))
                    .limit(2)
                    .forEach(readers::add);
            gate.awaitArrival();
        });
        gate.open();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.join()).isEqualTo(200));
        assertThat(value(refreshed)).isGreaterThan(before);
    }

    /** Both servers, of the API and of the management port, would register it by one name. */
    @Test
    void tellsNoConnectionsOfOneServerAsThoseOfBoth() {
        assertThat(scrape()).contains("http_server_").doesNotContain("http_server_active_connections");
    }

    @Test
    void countsProblemsByTheirType() {
        rises(
                "tokenkeep_problems_total{problem=\"session-not-found\"}",
                () -> assertThat(read("nothing")).isEqualTo(404));
    }

    private String registered() {
        return SessionsApiTest.registered("alice", server.issue("alice").json());
    }

    private static ValidatableResponse refresh(String id) {
        return as("all").post("/v1/sessions/" + id + "/refresh").then();
    }

    private static int read(String id) {
        return as("all").get("/v1/sessions/" + id + "/access-token").statusCode();
    }

    private void change(String id, String assignments) {
        sql("update tokenkeep_session set " + assignments + " where id = '" + id + "'");
    }

    private void sql(String statement) {
        new Sql(database).execute(statement);
    }

    private static String refreshes(String registration, String outcome) {
        return "tokenkeep_refreshes_total{outcome=\"" + outcome + "\",registration=\"" + registration + "\"}";
    }

    private void rises(String series, Runnable act) {
        double before = value(series);
        act.run();
        patiently(() -> assertThat(value(series)).isGreaterThan(before));
    }

    private static void patiently(ThrowingRunnable asserted) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(asserted);
    }

    private double value(String series) {
        return scrape().lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nobody tells of " + series));
    }

    private String scrape() {
        return given().get(metrics).then().statusCode(200).extract().asString();
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
