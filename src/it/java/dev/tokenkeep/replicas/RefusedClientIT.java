package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.testing.TokenRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authorization server's operator changes the client's secret, and ours is told later. */
@Tag("alone")
class RefusedClientIT {

    private static final int SESSIONS = switch (System.getProperty("tokenkeep.harness.form", "small")) {
        case "large" -> 10_000;
        default -> 600;
    };

    /** For as many refreshes as there are sessions. */
    private static final Duration LONG = Duration.ofSeconds(20 + SESSIONS / 50);

    private static final int FEW = 60;

    @TempDir
    Path files;

    private final TestDatabase database = TestDatabase.create();

    @Test
    @DisplayName(
            "F7, D: a refused client ends no session, stops refreshing within a second, and goes on with the right secret")
    void aRefusedClientEndsNoSession() throws SQLException {
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        Queue<Long> refusals = new ConcurrentLinkedQueue<>();
        Queue<Long> requests = new ConcurrentLinkedQueue<>();
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(30))) {
            server.log(request -> {
                requests.add(request.cameMillis());
                if (request.status() == 401) {
                    refusals.add(request.spentMillis());
                }
            });
            Environments.registration(environment, server);
            // What is under way already counts too, and a cold machine takes its time over it.
            environment.put("TOKENKEEP_REGISTRATIONS_TEST_MAX_CONCURRENCY", "8");
            try (var one = PackagedApplication.launch(environment);
                    var two = PackagedApplication.launch(environment)) {
                one.awaitReady();
                two.awaitReady();
                register(server, List.of(one, two));
                update("refresh_due_at = now()");
                await().atMost(LONG).until(() -> requests.size() > SESSIONS / 3);
                server.clientSecret("another");
                await().until(() -> !refusals.isEmpty());
                // The job has looked again several times by then.
                long first = refusals.peek();
                await().atMost(Duration.ofSeconds(20)).until(() -> System.currentTimeMillis() - first > 3_000);
                assertThat(requests)
                        .as("requests more than a second after the first refusal")
                        .noneMatch(came -> came > first + 1_000);
                assertThat(count("status <> 'ACTIVE'")).isZero();
                assertThat(count("rt_version = 1"))
                        .as("sessions that still wait")
                        .isPositive();
                String waiting = select("select id from tokenkeep_session where rt_version = 1 limit 1");
                assertThat(two.accessToken(waiting).statusCode()).isEqualTo(200);
            }
            environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET", "another");
            try (var one = PackagedApplication.start(environment)) {
                await().atMost(LONG).until(() -> count("rt_version = 1") == 0);
                assertThat(count("status <> 'ACTIVE'")).isZero();
                assertThat(one.get("/v1/registrations").body()).doesNotContain("invalid_client");
            }
            assertThat(server.ledger().spentTwice()).isEmpty();
            assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "F7: a secret that is replaced in its file is used without a restart, and the pause that the old one caused is over")
    void aReplacedSecretIsUsedWithoutARestart() throws Exception {
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        Path secret = Files.writeString(files.resolve("secret"), ScriptedAuthorizationServer.CLIENT_SECRET);
        Queue<TokenRequest> requests = new ConcurrentLinkedQueue<>();
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(8))) {
            server.log(requests::add);
            Environments.registration(environment, server);
            environment.remove("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET");
            environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET_FILE", secret.toString());
            environment.put("TOKENKEEP_REFRESH_BACKOFF_MAX", "1S");
            try (var one = PackagedApplication.launch(environment);
                    var two = PackagedApplication.launch(environment)) {
                one.awaitReady();
                two.awaitReady();
                IntStream.range(0, FEW)
                        .forEach(i -> List.of(one, two)
                                .get(i % 2)
                                .register(
                                        "test",
                                        "user-" + i,
                                        server.issue("user-" + i).json()));
                await().atMost(LONG).until(() -> count("rt_version > 1") == FEW);
                // As Kubernetes does it: another file in its place.
                Path another = Files.writeString(files.resolve("another"), "another");
                Files.move(another, secret, StandardCopyOption.ATOMIC_MOVE);
                server.clientSecret("another");
                long replaced = System.currentTimeMillis();
                long version = Long.parseLong(select("select max(rt_version) from tokenkeep_session"));
                await().atMost(LONG).until(() -> count("rt_version <= " + version) == 0);
                assertThat(requests)
                        .filteredOn(request -> request.status() == 401)
                        .as("refused more than three seconds after it was replaced")
                        .noneMatch(request -> request.cameMillis() > replaced + 3_000);
                assertThat(count("status <> 'ACTIVE'")).isZero();
                assertThat(one.get("/v1/registrations").body()).doesNotContain("invalid_client");
                assertThat(one.log() + two.log()).contains("Registration test: replaced; the new value is now in use");
            }
            assertThat(server.ledger().spentTwice()).isEmpty();
        }
    }

    private static void register(ScriptedAuthorizationServer server, List<PackagedApplication> replicas) {
        IntStream.range(0, SESSIONS)
                .parallel()
                .forEach(i -> replicas.get(i % 2)
                        .register("test", "user-" + i, server.issue("user-" + i).json()));
    }

    private long count(String where) throws SQLException {
        return Long.parseLong(select("select count(*) from tokenkeep_session where " + where));
    }

    private String select(String sql) throws SQLException {
        try (Connection connection = database.connect();
                ResultSet found = connection.createStatement().executeQuery(sql)) {
            found.next();
            return found.getString(1);
        }
    }

    private void update(String assignment) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("update tokenkeep_session set " + assignment);
        }
    }
}
