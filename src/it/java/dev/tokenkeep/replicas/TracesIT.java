package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the packaged application tells a collector, and its log. */
class TracesIT {

    private static final String SECRET_HEADER = "canary-header";
    private static final String SECRET_PARAMETER = "canary-parameter";

    private final TestDatabase database = TestDatabase.create();
    private final Path keys = TestKeys.directory();

    private Map<String, String> environment(ScriptedAuthorizationServer server) {
        var environment = PackagedApplication.environment(database, keys);
        Environments.registration(environment, server);
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_HEADERS_X_SECRET", SECRET_HEADER);
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_PARAMETERS_AUDIENCE", SECRET_PARAMETER);
        environment.put("TOKENKEEP_REFRESH_ENABLED", "false");
        // However long the other replica takes to be asked.
        environment.put("TOKENKEEP_REFRESH_TIMEOUT", "15S");
        environment.put("TOKENKEEP_REFRESH_HARD_CAP", "25S");
        environment.put("TOKENKEEP_REFRESH_LEASE", "28S");
        return environment;
    }

    private static Map<String, String> traced(Map<String, String> environment, TraceCollector collector) {
        var traced = new HashMap<>(environment);
        traced.put("QUARKUS_OTEL_SDK_DISABLED", "false");
        traced.put("QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        traced.put("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
        traced.put("QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "200ms");
        traced.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true");
        return traced;
    }

    private static TraceCollector.Span one(TraceCollector collector, String name) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> collector.named(name), found -> found.size() == 1)
                .get(0);
    }

    @Test
    void linksAReaderToTheTraceOfTheReplicaThatRefreshes() throws SQLException {
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(5));
                var ones = new TraceCollector();
                var twos = new TraceCollector()) {
            var impatient = traced(environment(server), twos);
            impatient.put("TOKENKEEP_REFRESH_TIMEOUT", "1S");
            try (var one = PackagedApplication.launch(traced(environment(server), ones));
                    var two = PackagedApplication.launch(impatient)) {
                one.awaitReady();
                two.awaitReady();
                String id = one.register("test", "alice", server.issue("alice").json());
                try (var connection = database.connect();
                        var statement = connection.createStatement()) {
                    statement.execute("update tokenkeep_session set access_token_expires_at = now()");
                }
                Gate gate = server.holdNextBeforeSpending();
                var refreshing = CompletableFuture.supplyAsync(() -> one.accessToken(id));
                gate.awaitArrival();
                // Its refresh is the other replica's, and it waits no longer than a second.
                assertThat(two.accessToken(id).statusCode()).isEqualTo(503);
                gate.open();
                assertThat(refreshing.join().statusCode()).isEqualTo(200);

                TraceCollector.Span claim = one(ones, "claim");
                TraceCollector.Span wait = one(twos, "wait for refresh");
                assertThat(wait.links()).containsExactly(claim.reference());
                assertThat(one(ones, "token request").trace()).isEqualTo(claim.trace());
                assertThat(wait.trace()).isNotEqualTo(claim.trace());
            }
        }
    }

    @Test
    void tellsAtStartUpWhatIsConfiguredInFiveLinesWithoutASecret() {
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(5));
                var application = PackagedApplication.start(environment(server))) {
            String log = application.log();
            String port = ":" + server.tokenEndpoint().getPort();
            assertThat(log.lines().filter(line -> line.matches(".*\\[dev\\.tok.*(StartupMessage|AuditLine)] .*")))
                    .hasSize(5)
                    .anyMatch(line -> line.endsWith("Registrations: test (token endpoint at 127.0.0.1" + port
                            + ", client_secret_basic, rotation strict)"))
                    .anyMatch(line -> line.contains("Refresh: job off, only on demand"))
                    .anyMatch(line -> line.matches(".*Keys: .+, primary .+, provider directory"))
                    .anyMatch(line -> line.endsWith(
                            "API: on, callers: it (tokens:read sessions:read sessions:write sessions:admin)"))
                    .anyMatch(line -> line.endsWith("Audit: log"));
            assertThat(log).doesNotContain(ScriptedAuthorizationServer.CLIENT_SECRET, SECRET_HEADER, SECRET_PARAMETER);
        }
    }
}
