package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.testing.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three replicas, each restarted in turn, while callers read through a balancer that tries again. */
@Tag("alone")
class RollingRestartIT {

    private static final boolean LARGE = "large".equals(System.getProperty("tokenkeep.harness.form"));
    private static final int SESSIONS = LARGE ? 1_000 : 60;
    private static final int ROUNDS = LARGE ? 10 : 1;
    private static final Duration LIFETIME = Duration.ofSeconds(LARGE ? 20 : 5);
    private static final Duration BETWEEN_READS = LARGE ? Duration.ZERO : Duration.ofMillis(10);
    /** Few enough that the replica which looks first does not take all that are due at that moment. */
    private static final int PERMITS = LARGE ? 64 : 6;

    private static final int REPLICAS = 3;
    private static final Duration ANSWER_TAKES = Duration.ofMillis(500);
    private static final List<String> SMALL_AND_SOON_UP = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.shutdown.delay=1S",
            "-Dquarkus.shutdown.timeout=10S");

    private final TestDatabase database = TestDatabase.create();
    private final Leases leases = new Leases(database);
    private final AtomicReference<String> token = new AtomicReference<>(CallerKeys.token("sub-it"));
    private final List<PackagedApplication> started = new ArrayList<>();
    private final List<PackagedApplication> replicas = new ArrayList<>();
    private final List<RollingRestart.Restart> restarts = new ArrayList<>();

    @Test
    void noReadFailsNoLeaseIsLeftAndNoRefreshTokenIsSpentTwice() throws IOException {
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, LIFETIME)) {
            server.troubles(() -> new Trouble(Duration.ZERO, ANSWER_TAKES, false));
            Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
            Environments.registration(environment, server);
            environment.put("TOKENKEEP_REGISTRATIONS_TEST_MAX_CONCURRENCY", "" + PERMITS);
            IntStream.range(0, REPLICAS).forEach(place -> replicas.add(launch(environment, place, 0)));
            replicas.forEach(PackagedApplication::awaitReady);
            leases.watch();
            List<String> sessions = register(server);
            RollingRestart result;
            try (Balancer balancer = Balancer.before(replicas);
                    var readers = new BalancedReaders(balancer, sessions, token::get, BETWEEN_READS)) {
                await().until(() -> readers.read() > SESSIONS);
                for (int round = 1; round <= ROUNDS; round++) {
                    token.set(CallerKeys.token("sub-it"));
                    for (int place = 0; place < REPLICAS; place++) {
                        restart(environment, place, round, balancer);
                    }
                }
                int refreshes = server.ledger().tokenRequests();
                // Each is refreshed before its token's end.
                await().atMost(LIFETIME.plusSeconds(2))
                        .until(() -> server.ledger().tokenRequests() > refreshes + SESSIONS);
                readers.close();
                result = new RollingRestart(
                        balancer.toString(),
                        readers.read(),
                        readers.failures(),
                        balancer.retried(),
                        server.ledger().tokenRequests(),
                        server.ledger().spentTwice().size(),
                        restarts);
            }
            System.out.println(result.table());
            Files.writeString(Path.of("target", "rolling-restart.md"), result.table());
            assertThat(result.failures()).as("failed reads").isEmpty();
            assertThat(result.leasesLeft()).as("leases left").isZero();
            assertThat(result.spentTwice()).as("refresh tokens spent twice").isZero();
            assertThat(result.restarts())
                    .hasSize(REPLICAS * ROUNDS)
                    .allSatisfy(restart -> assertThat(restart.exitCode()).isZero());
            assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
            assertThat(leases.active()).isEqualTo(SESSIONS);
        } finally {
            started.forEach(PackagedApplication::close);
        }
    }

    private List<String> register(ScriptedAuthorizationServer server) {
        return IntStream.range(0, SESSIONS)
                .mapToObj(i -> {
                    IssuedTokens tokens = server.issue("user-" + i);
                    return replicas.get(i % REPLICAS).register("test", "user-" + i, tokens.json());
                })
                .toList();
    }

    private void restart(Map<String, String> environment, int place, int round, Balancer balancer) {
        PackagedApplication old = replicas.get(place);
        String name = name(place, round - 1);
        // In the middle of refreshes, or it would be easy.
        long held = await().pollInterval(Duration.ofMillis(20))
                .atMost(LIFETIME.multipliedBy(2))
                .until(() -> leases.held(name), found -> found > 0);
        long from = System.nanoTime();
        old.terminate();
        PackagedApplication next = launch(environment, place, round);
        replicas.set(place, next);
        int exitCode = old.awaitExit();
        Duration drained = Duration.ofNanos(System.nanoTime() - from);
        restarts.add(new RollingRestart.Restart(drained, exitCode, held, leases.held(name)));
        next.awaitReady();
        balancer.replaced(place, next);
        await().until(() -> balancer.uses(place));
    }

    private PackagedApplication launch(Map<String, String> environment, int place, int round) {
        var options = new ArrayList<>(SMALL_AND_SOON_UP);
        options.add(Leases.named(name(place, round)));
        PackagedApplication replica = PackagedApplication.launch(environment, options, token::get);
        started.add(replica);
        return replica;
    }

    private static String name(int place, int round) {
        return "r" + place + "-" + round;
    }
}
