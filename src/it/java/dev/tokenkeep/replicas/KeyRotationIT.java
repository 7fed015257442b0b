package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two processes of the packaged application on one database, whose key directories change one after the other. */
class KeyRotationIT {

    private static final int SESSIONS = 20;

    @Test
    void noReadFailsWhileTheMountsChangeOneAfterTheOther() throws InterruptedException {
        Path first = TestKeys.directory();
        Path second = TestKeys.directory();
        TestKeys.copy(first, second);
        TestDatabase database = TestDatabase.create();
        var one = PackagedApplication.environment(database, first);
        var two = PackagedApplication.environment(database, second);
        var readers = Executors.newFixedThreadPool(2);
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(4))) {
            Environments.registration(one, server);
            Environments.registration(two, server);
            try (var replicaOne = PackagedApplication.start(one);
                    var replicaTwo = PackagedApplication.start(two)) {
                var ids = new ArrayList<String>();
                for (int i = 0; i < SESSIONS; i++) {
                    ids.add(replicaOne.register(
                            "test", "alice-" + i, server.issue("alice-" + i).json()));
                }
                Queue<String> failed = new ConcurrentLinkedQueue<>();
                var over = new AtomicBoolean();
                for (PackagedApplication replica : new PackagedApplication[] {replicaOne, replicaTwo}) {
                    readers.execute(() -> {
                        for (int i = 0; !over.get(); i++) {
                            var answer = replica.accessToken(ids.get(i % SESSIONS));
                            if (answer.statusCode() != 200) {
                                failed.add(answer.statusCode() + " " + answer.body());
                            }
                        }
                    });
                }
                String young = TestKeys.newPrimary(first);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> keys(replicaOne).get("primary").textValue().equals(young));
                // For as long as a refresh of each session takes, and more than one heartbeat.
                await().during(Duration.ofSeconds(5))
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> {
                            JsonNode keys = keys(replicaOne);
                            return keys.get("encrypting").textValue().equals("k1")
                                    && keys.get("replicas_without_primary").intValue() == 1;
                        });
                TestKeys.copy(first, second);
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    JsonNode keys = keys(replicaTwo);
                    // By id: the new key's begins with "k-".
                    return keys.get("encrypting").textValue().equals(young)
                            && keys.get("rows_left").intValue() == 0
                            && keys.get("items").get(1).get("removable").booleanValue();
                });
                over.set(true);
                readers.shutdown();
                assertThat(readers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
                assertThat(failed).isEmpty();
                assertThat(server.ledger().spentTwice()).isEmpty();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static JsonNode keys(PackagedApplication replica) {
        return Json.of(replica.get("/v1/keys").body());
    }
}
