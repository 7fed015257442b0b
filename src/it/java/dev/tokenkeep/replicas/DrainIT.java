package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.testing.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, and what its exit code says; configured as on Kubernetes, by files. */
class DrainIT {

    private static final int SESSIONS = 40;
    private static final int READERS = 4;
    private static final Duration LIFETIME = Duration.ofSeconds(2);
    private static final Duration BETWEEN_READS = Duration.ofMillis(5);
    private static final Duration ANSWER_TAKES = Duration.ofMillis(400);

    private final TestDatabase database = TestDatabase.create();
    private final Leases leases = new Leases(database);
    private ScriptedAuthorizationServer server;
    private PackagedApplication application;

    private static final Duration SLOW_ANSWER = Duration.ofSeconds(9);
    private static final int SLOW_SESSIONS = 3;

    @TempDir
    Path files;

    private void start(Duration delay) throws IOException {
        start(delay, Duration.ofSeconds(2));
    }

    private void start(Duration delay, Duration hardCap) throws IOException {
        server = ScriptedAuthorizationServer.start(RotationMode.STRICT, LIFETIME);
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        environment.remove("QUARKUS_DATASOURCE_TOKENKEEP_USERNAME");
        environment.remove("QUARKUS_DATASOURCE_TOKENKEEP_PASSWORD");
        environment.put("QUARKUS_CONFIG_LOCATIONS", Path.of("k8s/base/service.properties") + "," + databaseSecret());
        environment.put("TOKENKEEP_REFRESH_LEASE", "4S");
        environment.put("TOKENKEEP_REFRESH_HARD_CAP", hardCap.toString());
        environment.put("TOKENKEEP_REFRESH_TIMEOUT", "2S");
        Environments.registration(environment, server);
        String token = CallerKeys.token("sub-it");
        application = PackagedApplication.launch(
                environment,
                // The files have those of a pod.
                List.of(
                        "-Xmx512m",
                        "-Dtokenkeep.encryption.keys=" + environment.get("TOKENKEEP_ENCRYPTION_KEYS"),
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.shutdown.delay=" + delay,
                        Leases.named("draining")),
                () -> token);
        application.awaitReady();
        leases.watch();
    }

    private Path databaseSecret() throws IOException {
        String prefix = "quarkus.datasource.tokenkeep.";
        return Files.writeString(
                files.resolve("database.properties"),
                prefix + "username=" + database.user() + "\n" + prefix + "password=" + database.password() + "\n");
    }

    @AfterEach
    void stop() {
        application.close();
        server.close();
    }

    @Test
    void underLoadIsNotReadyFirstGoesOnReadingClaimsNothingStoresWhatIsInFlightAndExitsWithZero() throws IOException {
        start(Duration.ofSeconds(3));
        server.troubles(() -> new Trouble(Duration.ZERO, ANSWER_TAKES, false));
        // Read, and good for longer than all of this.
        String read = application.register(
                "test",
                "reader",
                server.issue("reader").json().replace("\"expires_in\":" + LIFETIME.toSeconds(), "\"expires_in\":600"));
        for (int i = 0; i < SESSIONS; i++) {
            application.register("test", "user-" + i, server.issue("user-" + i).json());
        }
        var reads = new AtomicInteger();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        int requests;
        try (var readers = new Callers(READERS, () -> {
            int status = application.accessToken(read).statusCode();
            reads.incrementAndGet();
            if (status != 200) {
                wrong.add("" + status);
            }
            LockSupport.parkNanos(BETWEEN_READS.toNanos());
        })) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> leases.claims("draining") > SESSIONS && leases.held("draining") > 0);
            application.terminate();
            await().pollInterval(Duration.ofMillis(20)).until(() -> application.probe("/q/health/ready") == 503);
            int before = reads.get();
            await().until(() -> leases.held("draining") == 0);
            requests = server.ledger().tokenRequests();
            await().until(() -> leases.due() > 0 && reads.get() > before + 20);
        }
        assertThat(application.probe("/q/health/live")).isEqualTo(200);

        assertThat(application.awaitExit()).as(application.log()).isZero();
        assertThat(wrong).isEmpty();
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(leases.held("draining")).isZero();
        assertThat(leases.active()).isEqualTo(SESSIONS + 1);
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    void exitsWithTwoWhereAnAnswerCouldNotBeStored() throws IOException, SQLException {
        start(Duration.ofSeconds(1));
        var gates = new ArrayList<Gate>(List.of(server.holdNextAnswer(), server.holdNextAnswer()));
        for (int i = 0; i < gates.size(); i++) {
            application.register("test", "user-" + i, server.issue("user-" + i).refreshTokenOnly());
        }
        gates.forEach(Gate::awaitArrival);
        databaseGone();
        gates.forEach(Gate::open);
        await().until(() -> application.management("/q/metrics").body().contains("tokenkeep_answers_held 2"));
        application.terminate();

        assertThat(application.awaitExit()).as(application.log()).isEqualTo(2);
        assertThat(application.log())
                .contains("Stopped with 2 unfinished refreshes, 2 of them answered but not stored");
    }

    @Test
    @DisplayName("F2: an answer that takes longer than a lease is waited for, stored, and nobody else's meanwhile")
    void waitsForAnswersThatTakeLongerThanALease() throws IOException {
        start(Duration.ofSeconds(1), Duration.ofSeconds(30));
        server.troubles(() -> Trouble.late(SLOW_ANSWER));
        for (int i = 0; i < SLOW_SESSIONS; i++) {
            application.register("test", "user-" + i, server.issue("user-" + i).refreshTokenOnly());
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> server.ledger().tokenRequests() == SLOW_SESSIONS);
        application.terminate();

        assertThat(application.awaitExit()).as(application.log()).isZero();
        assertThat(leases.held("draining")).isZero();
        assertThat(leases.stored()).isEqualTo(SLOW_SESSIONS);
        assertThat(server.ledger().tokenRequests()).isEqualTo(SLOW_SESSIONS);
    }

    private void databaseGone() throws SQLException {
        String name = database.jdbcUrl().replaceFirst(".*/([^/?]+).*", "$1");
        String elsewhere = database.jdbcUrl().replaceFirst("/" + name, "/postgres");
        try (Connection connection = DriverManager.getConnection(elsewhere, database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("alter database " + name + " with allow_connections false");
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
        }
    }
}
