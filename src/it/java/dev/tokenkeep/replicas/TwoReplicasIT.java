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
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two processes of the packaged application on one database, before a strict authorization server. */
class TwoReplicasIT {

    private static final int CALLERS = 50;
    private static final int OTHERS = 20;
    private static final int REFRESHES = 3;

    /** CONFORMANCE A12. */
    @Test
    void spendsEachRefreshTokenOnceAcrossReplicas() throws InterruptedException {
        var environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        var callers = Executors.newFixedThreadPool(CALLERS);
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(4))) {
            Environments.registration(environment, server);
            try (var one = PackagedApplication.start(environment);
                    var two = PackagedApplication.start(environment)) {
                IssuedTokens hot = server.issue("hot");
                String id = one.register("test", "hot", hot.json());
                var others = new ArrayList<IssuedTokens>();
                for (int i = 0; i < OTHERS; i++) {
                    others.add(server.issue("other-" + i));
                    (i % 2 == 0 ? one : two)
                            .register("test", "other-" + i, others.get(i).json());
                }
                Queue<String> wrong = new ConcurrentLinkedQueue<>();
                var over = new AtomicBoolean();
                var reads = new AtomicInteger();
                for (int i = 0; i < CALLERS; i++) {
                    PackagedApplication replica = i % 2 == 0 ? one : two;
                    callers.execute(() -> {
                        while (!over.get()) {
                            reads.incrementAndGet();
                            long asked = System.nanoTime();
                            check(server, replica.accessToken(id), asked, wrong);
                        }
                    });
                }
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> server.ledger().refreshesOf(hot.refreshToken()) >= REFRESHES
                                && others.stream()
                                        .allMatch(other ->
                                                server.ledger().refreshesOf(other.refreshToken()) >= REFRESHES));
                over.set(true);
                callers.shutdown();
                assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
                assertThat(wrong).isEmpty();
                assertThat(reads.get()).isGreaterThan(CALLERS * REFRESHES);
                assertThat(server.ledger().spentTwice()).isEmpty();
                assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
                assertThat(Json.of(two.get("/v1/sessions?status=ACTIVE").body()).get("items"))
                        .hasSize(OTHERS + 1);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static void check(
            ScriptedAuthorizationServer server, HttpResponse<String> answer, long asked, Queue<String> wrong) {
        if (answer.statusCode() != 200) {
            wrong.add(answer.statusCode() + " " + answer.body());
            return;
        }
        var token = Json.of(answer.body());
        boolean active = server.isActive(token.get("access_token").textValue());
        Duration underWay = Duration.ofNanos(System.nanoTime() - asked);
        // It was promised to live so long from some moment after it was asked for.
        boolean promised =
                underWay.compareTo(Duration.ofSeconds(token.get("expires_in").longValue())) < 0;
        if (promised && !active) {
            wrong.add("inactive " + underWay + " after it was asked for, with " + token.get("expires_in") + " s told");
        }
    }
}
