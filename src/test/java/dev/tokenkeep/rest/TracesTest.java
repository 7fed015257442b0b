package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static dev.tokenkeep.rest.SessionsApiTest.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.EverythingTold;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.KeptSpans;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls as traces. */
@QuarkusTest
@TestProfile(EverythingTold.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TracesTest {

    private static final String READ = "GET /v1/sessions/{id}/access-token";
    private static final String WAIT = "wait for refresh";
    private static final String REQUEST = "token request";

    ScriptedAuthorizationServer server;

    @Inject
    KeptSpans spans;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @BeforeEach
    void forget() {
        spans.forget();
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    private String expired() {
        return expired("alice");
    }

    private String expired(String subject) {
        String id = registered(subject, server.issue(subject).json());
        new Sql(database)
                .execute("update tokenkeep_session set access_token_expires_at = now() - interval '1 second'"
                        + " where id = '" + id + "'");
        return id;
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static Response read(String id, String trace) {
        return as("all")
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .get("/v1/sessions/" + id + "/access-token");
    }

    /** The only span of that name in a trace, once it is there. */
    private SpanData one(String trace, String name) {
        return await().until(
                        () -> spans.ofTrace(trace).stream()
                                .filter(span -> span.getName().equals(name))
                                .toList(),
                        found -> found.size() == 1)
                .get(0);
    }

    private static String attribute(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    @Test
    void aReadItsRefreshAndTheTokenRequestAreOneTrace() {
        String id = expired();
        String trace = newTrace();
        read(id, trace).then().statusCode(200);
        SpanData call = one(trace, READ);
        assertThat(call.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        SpanData wait = one(trace, WAIT);
        assertThat(wait.getParentSpanId()).isEqualTo(call.getSpanId());
        assertThat(wait.getLinks()).isEmpty();
        SpanData claim = one(trace, "claim");
        assertThat(claim.getParentSpanId()).isEqualTo(wait.getSpanId());
        SpanData refresh = one(trace, "refresh");
        assertThat(refresh.getParentSpanId()).isEqualTo(claim.getSpanId());
        assertThat(attribute(refresh, "tokenkeep.registration")).isEqualTo("test");
        assertThat(attribute(refresh, "tokenkeep.outcome")).isEqualTo("refreshed");
        assertThat(refresh.getAttributes().get(AttributeKey.longKey("tokenkeep.version")))
                .isEqualTo(1);
        assertThat(attribute(refresh, "tokenkeep.attempt_id")).hasSize(36);
        SpanData request = one(trace, REQUEST);
        assertThat(request.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(request.getParentSpanId()).isEqualTo(refresh.getSpanId());
        assertThat(attribute(request, "server.address")).isEqualTo("127.0.0.1");
        assertThat(request.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(200);
        assertThat(one(trace, "store").getParentSpanId()).isEqualTo(refresh.getSpanId());
        assertThat(spans.ofTrace(trace)).hasSize(6);
    }

    @Test
    void tellsAuthorizationServersNothingOfATrace() {
        String id = expired();
        read(id, newTrace()).then().statusCode(200);
        assertThat(server.lastHeaders()).containsKey("Authorization").doesNotContainKeys("Traceparent", "Tracestate");
    }

    @Test
    void aTokenThatIsThereTakesNoSpanOfOurs() {
        String id = registered("alice", server.issue("alice").json());
        String trace = newTrace();
        read(id, trace).then().statusCode(200);
        one(trace, READ);
        assertThat(spans.ofTrace(trace)).hasSize(1);
    }

    @Test
    void linksAReaderToTheRefreshThatItJoins() throws Exception {
        String id = expired();
        Gate gate = server.holdNextBeforeSpending();
        String first = newTrace();
        String second = newTrace();
        var begun = CompletableFuture.supplyAsync(() -> read(id, first));
        gate.awaitArrival();
        var joined = CompletableFuture.supplyAsync(() -> read(id, second));
        // It has waited for as long as it may, with the refresh still under way.
        assertThat(joined.get().statusCode()).isEqualTo(503);
        SpanData wait = one(second, WAIT);
        gate.open();
        begun.get();
        SpanData refresh = one(first, "refresh");
        assertThat(wait.getLinks())
                .singleElement()
                .satisfies(link -> assertThat(link.getSpanContext()).isEqualTo(refresh.getSpanContext()));
        assertThat(spans.ofTrace(second)).extracting(SpanData::getName).containsExactlyInAnyOrder(READ, WAIT);
    }

    @Test
    void linksAReaderToAnotherReplicasAttempt() {
        String id = expired();
        String elsewhere = newTrace();
        new Sql(database)
                .execute("update tokenkeep_session set attempt_id = gen_random_uuid(), sent_version = rt_version,"
                        + " sent_at = now(), lease_until = now() + interval '1 minute', traceparent = '00-" + elsewhere
                        + "-00f067aa0ba902b7-01' where id = '" + id + "'");
        String trace = newTrace();
        read(id, trace).then().statusCode(503);
        assertThat(one(trace, WAIT).getLinks())
                .singleElement()
                .satisfies(
                        link -> assertThat(link.getSpanContext().getTraceId()).isEqualTo(elsewhere));
        assertThat(spans.ofTrace(trace)).hasSize(2);
    }

    @Test
    void writesTheClaimsNameOnTheRow() {
        String id = expired();
        String trace = newTrace();
        read(id, trace).then().statusCode(200);
        SpanData claim = one(trace, "claim");
        assertThat(new Sql(database).select("select traceparent from tokenkeep_session where id = '" + id + "'"))
                .isEqualTo("00-" + trace + "-" + claim.getSpanId() + "-01");
    }

    @Test
    void tellsARefusalByItsCode() {
        String id = expired("bob");
        // Not the next request's answer: that may be another session's.
        server.answerAlwaysFor("bob", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"of alice\"}");
        String trace = newTrace();
        read(id, trace).then().statusCode(409);
        SpanData request = one(trace, REQUEST);
        assertThat(attribute(request, "tokenkeep.outcome")).isEqualTo("refused");
        assertThat(attribute(request, "error.type")).isEqualTo("invalid_grant");
        assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attribute(one(trace, "refresh"), "tokenkeep.outcome")).isEqualTo("changed");
    }

    @Test
    void tellsNeitherSessionsNorSubjects() {
        String subject = "subject-" + UUID.randomUUID();
        String id = registered(subject, server.issue(subject).json());
        for (String path : List.of(
                "/" + id,
                "/" + id + "/access-token?min_ttl=60",
                "/" + id + "/",
                "/" + id + "/nothing/" + subject,
                "/" + id + ";a=" + subject,
                "?subject=" + subject)) {
            as("all").get("/v1/sessions" + path);
        }
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        await().until(() -> spans.named("POST /v1/sessions/{id}/refresh").size() == 1);
        assertThat(spans.texts()).hasSizeGreaterThan(7).noneMatch(text -> text.contains(id) || text.contains(subject));
        assertThat(spans.all())
                .extracting(span -> attribute(span, "url.path"))
                .contains("/v1/sessions/{id}", "/v1/sessions/{id}/access-token", "/v1/sessions");
    }

    @Test
    void namesCallAndTraceInTheLinesOfTheThreadsThatGoOnWithIt() {
        String id = expired("bob");
        // Not the next request's answer: that may be another session's.
        server.answerAlwaysFor("bob", 400, "{\"error\":\"invalid_grant\"}");
        String trace = newTrace();
        try (var log = LogLines.of("dev.tokenkeep")) {
            as("all")
                    .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                    .header("X-Request-Id", "call-1")
                    .get("/v1/sessions/" + id + "/access-token")
                    .then()
                    .statusCode(409);
            String line = id + " is REAUTHENTICATION_REQUIRED";
            assertThat(log.with(line)).singleElement().asString().contains("tokenkeep-worker");
            assertThat(log.mdc(line, "requestId")).containsExactly("call-1");
            assertThat(log.mdc(line, "traceId")).containsExactly(trace);
            assertThat(log.mdc(line, "spanId"))
                    .containsExactly(one(trace, "refresh").getSpanId());
            assertThat(log.with("\"operation\":\"readAccessToken\""))
                    .singleElement()
                    .asString()
                    .contains("\"trace_id\":\"" + trace + "\"");
        }
    }
}
