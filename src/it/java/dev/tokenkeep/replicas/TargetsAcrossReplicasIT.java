package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two processes of the packaged application, and readers of three targets of one session at each. */
class TargetsAcrossReplicasIT {

    private static final List<String> TARGETS = List.of("billing", "graph", "mail");
    private static final int READERS_OF_EACH = 50;
    private static final int ROUNDS = 2;

    @Test
    @DisplayName("A13: targets never race for the refresh token, and each reader gets its own target's token")
    void spendsTheRefreshTokenOnceAtATime() throws InterruptedException {
        var environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        var readers = Executors.newScheduledThreadPool(2 * TARGETS.size() * READERS_OF_EACH);
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(12))) {
            Environments.registration(environment, server);
            environment.put("TOKENKEEP_CALLERS_IT_MAX_CONCURRENCY", "400");
            // Three hundred readers come at once, before anything is warm.
            environment.put("TOKENKEEP_REGISTRATIONS_TEST_TIMEOUT", "25S");
            TARGETS.forEach(target -> environment.put(
                    "TOKENKEEP_REGISTRATIONS_TEST_TARGETS_" + target.toUpperCase(Locale.ROOT) + "_RESOURCE",
                    "https://" + target + ".example"));
            try (var one = PackagedApplication.start(environment);
                    var two = PackagedApplication.start(environment)) {
                IssuedTokens hot = server.issue("hot");
                String id = one.register("test", "hot", hot.json());
                Queue<String> wrong = new ConcurrentLinkedQueue<>();
                for (int i = 0; i < 2 * TARGETS.size() * READERS_OF_EACH; i++) {
                    PackagedApplication replica = i % 2 == 0 ? one : two;
                    String target = TARGETS.get(i / 2 % TARGETS.size());
                    readers.scheduleWithFixedDelay(
                            () -> check(
                                    server,
                                    target,
                                    replica.get("/v1/sessions/" + id + "/access-token?target=" + target),
                                    wrong),
                            0,
                            100,
                            TimeUnit.MILLISECONDS);
                }
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> !wrong.isEmpty()
                                || TARGETS.stream()
                                        .allMatch(target -> server.targets().requests().stream()
                                                        .filter(form ->
                                                                address(target).equals(form.get("resource")))
                                                        .count()
                                                >= ROUNDS));
                readers.shutdown();
                assertThat(readers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
                assertThat(wrong).isEmpty();
                assertThat(server.ledger().spentTwice()).isEmpty();
                assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
                assertThat(Json.of(two.get("/v1/sessions/" + id).body())
                                .get("status")
                                .textValue())
                        .isEqualTo("ACTIVE");
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static String address(String target) {
        return "https://" + target + ".example";
    }

    private static void check(
            ScriptedAuthorizationServer server, String target, HttpResponse<String> answer, Queue<String> wrong) {
        if (answer.statusCode() != 200) {
            wrong.add(answer.statusCode() + " " + answer.body());
            return;
        }
        String token = Json.of(answer.body()).get("access_token").textValue();
        if (!address(target).equals(server.targets().of(token).get("resource"))) {
            wrong.add("for " + target + " a token that was asked for with "
                    + server.targets().of(token).get("resource"));
        }
    }
}
