package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A replica that is killed, or stopped, at each step of a refresh, and another one that goes on. Leases are of four
 * seconds.
 */
class CrashIT {

    private static final Duration TAKEN_OVER = Duration.ofSeconds(20);
    private static final Duration THREE_LEASES = Duration.ofSeconds(12);

    private final ScriptedAuthorizationServer leeway =
            ScriptedAuthorizationServer.start(RotationMode.leeway(Duration.ofSeconds(30)), Duration.ofSeconds(120));
    private final ScriptedAuthorizationServer strict =
            ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(120));
    private final TestDatabase database = TestDatabase.create();
    private PackagedApplication one;
    private PackagedApplication two;
    private ServerSocket unanswering;

    @BeforeEach
    void start() throws IOException {
        unanswering = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        environment.put("TOKENKEEP_REFRESH_LEASE", "4S");
        environment.put("TOKENKEEP_REFRESH_HARD_CAP", "2S");
        environment.put("TOKENKEEP_REFRESH_TIMEOUT", "2S");
        Environments.registration(environment, "STRICT", strict, "strict");
        Environments.registration(environment, "LEEWAY", leeway, "leeway");
        environment.put("TOKENKEEP_REGISTRATIONS_LEEWAY_ROTATION_LEEWAY", "30S");
        Environments.registration(environment, "SLOW", leeway, "leeway");
        environment.put("TOKENKEEP_REGISTRATIONS_SLOW_ROTATION_LEEWAY", "30S");
        Environments.registration(environment, "PATIENT", leeway, "leeway");
        environment.put("TOKENKEEP_REGISTRATIONS_PATIENT_ROTATION_LEEWAY", "120S");
        environment.put("TOKENKEEP_REGISTRATIONS_PATIENT_HARD_CAP", "60S");
        two = PackagedApplication.launch(environment);
        // Here, and not there, the connection is made and its handshake never: claimed, and nothing sent.
        environment.put(
                "TOKENKEEP_REGISTRATIONS_SLOW_TOKEN_ENDPOINT", "https://localhost:" + unanswering.getLocalPort());
        one = PackagedApplication.launch(environment);
        one.awaitReady();
        two.awaitReady();
    }

    @AfterEach
    void stop() throws IOException {
        one.close();
        two.close();
        leeway.close();
        strict.close();
        unanswering.close();
    }

    @Test
    @DisplayName("F2, D: whatever step a replica is killed at, another one takes its sessions over")
    void aKilledReplicasSessionsAreTakenOver() throws IOException {
        Staged patient = new Staged("patient", leeway);
        Gate patientGate = patient.heldBy(leeway.holdNextAnswer());
        // An answer may take longer than a lease: its owner has renewed it by then.
        await().atMost(TAKEN_OVER).until(patient::isLeaseRenewed);
        Staged claimed = new Staged("slow", leeway);
        claimed.refresh();
        Socket connection = unanswering.accept();
        Staged stored = new Staged("leeway", leeway);
        stored.refresh().join();
        Staged sent = new Staged("leeway", leeway);
        Gate sentGate = sent.heldBy(leeway.holdNextBeforeSpending());
        Staged answered = new Staged("leeway", leeway);
        Gate answeredGate = answered.heldBy(leeway.holdNextAnswer());
        Staged strictly = new Staged("strict", strict);
        Gate strictGate = strictly.heldBy(strict.holdNextAnswer());

        one.kill();
        sentGate.open();
        answeredGate.open();
        strictGate.open();
        connection.close();

        await().atMost(TAKEN_OVER).untilAsserted(() -> {
            assertThat(claimed.versionThroughTwo()).isEqualTo(2);
            assertThat(sent.versionThroughTwo()).isEqualTo(2);
            assertThat(answered.versionThroughTwo()).isEqualTo(2);
            assertThat(patient.versionThroughTwo()).isEqualTo(2);
        });
        patientGate.open();
        assertThat(leeway.ledger().timesSpent(claimed.tokens.refreshToken())).isOne();
        assertThat(leeway.ledger().timesSpent(sent.tokens.refreshToken())).isEqualTo(2);
        assertThat(leeway.ledger().familiesRevokedForReuse()).isEmpty();
        assertThat(stored.versionThroughTwo()).isEqualTo(2);
        assertThat(leeway.ledger().timesSpent(stored.tokens.refreshToken())).isOne();
        // Under strict rotation its access token is served to its end, and nothing is risked before.
        assertThat(strictly.token().get("access_token").textValue()).isEqualTo(strictly.tokens.accessToken());
        assertThat(strict.ledger().timesSpent(strictly.tokens.refreshToken())).isOne();
        assertThat(strict.ledger().familiesRevokedForReuse()).isEmpty();
    }

    @Test
    @DisplayName(
            "F2, F4: a replica that was stopped for three leases stores what it was answered, or sees that another one has")
    void aStoppedReplicaGoesOnWithoutHarm() {
        Staged forgiving = new Staged("leeway", leeway);
        Gate forgivingGate = forgiving.heldBy(leeway.holdNextAnswer());
        Staged strictly = new Staged("strict", strict);
        Gate strictGate = strictly.heldBy(strict.holdNextAnswer());
        one.stop();
        // The answers arrive while nobody is there to read them.
        forgivingGate.open();
        strictGate.open();
        long stopped = System.nanoTime();
        await().atMost(TAKEN_OVER)
                .untilAsserted(() -> assertThat(forgiving.versionThroughTwo()).isEqualTo(2));
        String takenOver = forgiving.token().get("access_token").textValue();
        await().atMost(TAKEN_OVER).until(() -> System.nanoTime() - stopped > THREE_LEASES.toNanos());
        assertThat(strictly.versionThroughTwo()).isEqualTo(1);
        one.goOn();

        await().atMost(TAKEN_OVER)
                .untilAsserted(() -> assertThat(strictly.versionThroughTwo()).isEqualTo(2));
        assertThat(strict.ledger().timesSpent(strictly.tokens.refreshToken())).isOne();
        assertThat(strict.isActive(strictly.token().get("access_token").textValue()))
                .isTrue();
        await().until(() -> one.log().contains("refresh result discarded (superseded)"));
        assertThat(forgiving.token().get("access_token").textValue()).isEqualTo(takenOver);
        assertThat(leeway.ledger().familiesRevokedForReuse()).isEmpty();
    }

    /** A session whose refresh is begun at the first replica and looked at through the second one. */
    private final class Staged {

        final IssuedTokens tokens;
        final String id;

        Staged(String registration, ScriptedAuthorizationServer server) {
            tokens = server.issue("user");
            id = one.register(registration, "user", tokens.json());
        }

        /** Nobody waits for it; whoever did would see a dead connection. */
        CompletableFuture<Void> refresh() {
            return CompletableFuture.runAsync(() -> one.post("/v1/sessions/" + id + "/refresh", "{}"))
                    .exceptionally(cutOff -> null);
        }

        Gate heldBy(Gate gate) {
            refresh();
            gate.awaitArrival();
            return gate;
        }

        boolean isLeaseRenewed() throws SQLException {
            try (Connection connection = database.connect();
                    ResultSet found = connection
                            .createStatement()
                            .executeQuery(
                                    "select lease_until > sent_at + interval '5 s' from tokenkeep_session where id = '"
                                            + id + "'")) {
                return found.next() && found.getBoolean(1);
            }
        }

        JsonNode token() {
            return Json.of(two.accessToken(id).body());
        }

        long versionThroughTwo() {
            return token().path("version").asLong();
        }
    }
}
