package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static dev.tokenkeep.rest.SessionsApiTest.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.telemetry.Traces;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.KeptSpans;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces that are not switched on. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TracesOffTest {

    ScriptedAuthorizationServer server;

    @Inject
    KeptSpans spans;

    @Inject
    Traces traces;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void makesNoSpanAndExportsNothing() {
        String id = registered("alice", server.issue("alice").json());
        as("all")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .post("/v1/sessions/" + id + "/refresh")
                .then()
                .statusCode(200);
        assertThat(traces.on()).isFalse();
        assertThat(traces.begin("any", SpanKind.INTERNAL)).isSameAs(Span.getInvalid());
        assertThat(spans.all()).isEmpty();
        assertThat(new Sql(database).select("select traceparent from tokenkeep_session where id = '" + id + "'"))
                .isEqualTo("null");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("SpanProcessor") || name.contains("otel"));
    }

    @Test
    void namesTheCallInItsLinesAllTheSame() {
        String id = registered("alice", server.issue("alice").json());
        server.answerNext(400, "{\"error\":\"invalid_grant\"}");
        String call = "call-" + UUID.randomUUID();
        try (var log = LogLines.of("dev.tokenkeep")) {
            as("all")
                    .header("X-Request-Id", call)
                    .post("/v1/sessions/" + id + "/refresh")
                    .then()
                    .statusCode(409);
            assertThat(log.mdc(id + " is REAUTHENTICATION_REQUIRED", "requestId"))
                    .containsExactly(call);
            // The audit's line is the call's own, whatever thread it is written on.
            assertThat(log.mdc("\"refreshSession\"", "requestId")).containsExactly(call);
        }
    }

    @Test
    void namesEachOfThoseWhoWaitedForOneRefreshByItsOwnName() {
        String id = registered("alice", server.issue("alice").json());
        new Sql(database)
                .execute("update tokenkeep_session set access_token_expires_at = now() - interval '1 second'"
                        + " where id = '" + id + "'");
        Gate gate = server.holdNextBeforeSpending();
        try (var log = LogLines.of("dev.tokenkeep.audit")) {
            var calls = Stream.generate(() -> "call-" + UUID.randomUUID())
                    .limit(3)
                    .collect(Collectors.toMap(
                            name -> name,
                            name -> CompletableFuture.supplyAsync(() -> as("all")
                                    .header("X-Request-Id", name)
                                    .get("/v1/sessions/" + id + "/access-token")
                                    .statusCode())));
            gate.awaitArrival();
            gate.open();
            calls.forEach((name, status) -> {
                assertThat(status.join()).isEqualTo(200);
                assertThat(log.mdc("\"request_id\":\"" + name, "requestId")).containsExactly(name);
            });
        }
    }

    @Test
    void namesARefusedCallAsItsAnswerDoes() {
        try (var log = LogLines.of("dev.tokenkeep.audit")) {
            String named = as("sessions-read")
                    .header("X-Request-Id", "no name for a log")
                    .get("/v1/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/access-token")
                    .then()
                    .statusCode(403)
                    .extract()
                    .header("X-Request-Id");
            assertThat(UUID.fromString(named)).isNotNull();
            assertThat(log.mdc("\"forbidden\"", "requestId")).containsExactly(named);
        }
    }
}
