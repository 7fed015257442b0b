package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What one replica has in memory while another one changes it. */
class MemoryIT {

    private static final Duration LIFETIME = Duration.ofMinutes(10);
    /** For which a replica may serve what another one has removed. */
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    @Test
    void aRemovedSessionIsServedForASecondAtMost() {
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, LIFETIME)) {
            var environment = environment(server);
            try (var one = PackagedApplication.start(environment);
                    var two = PackagedApplication.start(environment)) {
                String id = remembered(one, two, server);
                assertThat(one.delete("/v1/sessions/" + id).statusCode()).isEqualTo(204);
                long removed = System.nanoTime();
                await().until(() -> {
                    var sinceRemoval = Duration.ofNanos(System.nanoTime() - removed);
                    boolean served = two.accessToken(id).statusCode() == 200;
                    assertThat(served && sinceRemoval.compareTo(TRUSTED) > 0)
                            .as("served when asked %s after its removal", sinceRemoval)
                            .isFalse();
                    return !served;
                });
                assertThat(two.accessToken(id).statusCode()).isEqualTo(404);
                assertThat(one.accessToken(id).statusCode()).isEqualTo(404);
            }
        }
    }

    /** Its clock goes on while it is stopped; what it had in memory, and a request that it had not begun with, are still there. */
    @Test
    void aReplicaThatWasStoppedServesNothingThatWasRemovedMeanwhile() {
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, LIFETIME)) {
            var environment = environment(server);
            try (var one = PackagedApplication.start(environment);
                    var two = PackagedApplication.start(environment)) {
                String id = remembered(one, two, server);
                two.stop();
                assertThat(one.delete("/v1/sessions/" + id).statusCode()).isEqualTo(204);
                CompletableFuture<HttpResponse<String>> waiting =
                        CompletableFuture.supplyAsync(() -> two.accessToken(id));
                await().pollDelay(TRUSTED.plusMillis(100)).until(() -> !waiting.isDone());
                two.goOn();
                assertThat(waiting.join().statusCode()).isEqualTo(404);
            }
        }
    }

    private static Map<String, String> environment(ScriptedAuthorizationServer server) {
        var environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        Environments.registration(environment, server);
        return environment;
    }

    /** A session that one has registered and two has in memory. */
    private static String remembered(
            PackagedApplication one, PackagedApplication two, ScriptedAuthorizationServer server) {
        String id = one.register("test", "alice", server.issue("alice").json());
        await().until(() -> {
            assertThat(two.accessToken(id).statusCode()).isEqualTo(200);
            String metrics = two.management("/q/metrics").body();
            assertThat(metrics).doesNotContain(id);
            return metrics.contains("tokenkeep_memory_sessions 1.0");
        });
        return id;
    }
}
