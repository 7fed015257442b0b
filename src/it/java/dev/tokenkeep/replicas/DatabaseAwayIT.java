package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.FreezablePostgres;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A database that hangs, and one that takes no changes, under readers. {@code -Dtokenkeep.it.outage=60} and
 * {@code -Dtokenkeep.it.readers=50} are its large form.
 */
@Tag("alone")
class DatabaseAwayIT {

    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("tokenkeep.it.outage", 12));
    private static final int READERS = Integer.getInteger("tokenkeep.it.readers", 8);
    /** At a rate that does not depend on the answers: a reader who waits must not be the reason that nobody asks. */
    private static final Duration BETWEEN_READS = Duration.ofMillis(50).dividedBy(READERS);

    /** Reads before the database hangs: what a process does for the first time is slow. */
    private static final int WARM_UP = 50 * READERS;

    private static final Duration LIFETIME = Duration.ofMinutes(3);
    private static final Duration STALE = Duration.ofSeconds(30);
    /** It counts from the last moment in sync, which was so long before the database hung, at most. */
    private static final Duration SYNC = Duration.ofSeconds(1);

    private final FreezablePostgres postgres = FreezablePostgres.start();
    private final ScriptedAuthorizationServer server = ScriptedAuthorizationServer.start(RotationMode.STRICT, LIFETIME);
    private PackagedApplication application;

    @BeforeEach
    void start() {
        Map<String, String> environment = PackagedApplication.environment(postgres.database(), TestKeys.directory());
        Environments.registration(environment, server);
        application = PackagedApplication.start(environment);
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
        server.close();
        postgres.close();
    }

    private record Read(long askedNanos, Duration took, int status) {}

    @Test
    void tokensInMemoryAreServedWhileTheDatabaseHangsAndTheRestIsRefusedAtOnce() throws SQLException {
        String remembered = registered();
        assertThat(application.accessToken(remembered).statusCode()).isEqualTo(200);
        String unread = registered();
        String due = registered();
        int linesBefore = warnings();
        Queue<Read> reads = new ConcurrentLinkedQueue<>();
        long frozen = System.nanoTime();
        var next = new AtomicLong(frozen);
        try (var readers = new Callers(READERS, () -> {
            long at = next.getAndAdd(BETWEEN_READS.toNanos());
            LockSupport.parkNanos(at - System.nanoTime());
            reads.add(read(remembered, at));
        })) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> reads.size() > WARM_UP && next.get() > System.nanoTime());
            update("refresh_due_at = now() + interval '3 s' where id = '" + due + "'");
            postgres.freeze();
            frozen = System.nanoTime();
            long begun = frozen;
            await().atMost(Duration.ofSeconds(10)).until(() -> read(unread).status() == 503);
            System.out.printf("First refused after %d ms%n", millis(System.nanoTime() - begun));
            await().atMost(OUTAGE.plusSeconds(5))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        Read refused = read(unread);
                        assertThat(refused.status()).isEqualTo(503);
                        assertThat(refused.took()).isLessThan(Duration.ofSeconds(1));
                        return System.nanoTime() - begun > OUTAGE.toNanos();
                    });
            HttpResponse<String> refused = application.accessToken(unread);
            assertThat(refused.body()).contains("storage-unavailable");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            long asked = System.nanoTime();
            HttpResponse<String> ready = application.management("/q/health/ready");
            assertThat(System.nanoTime() - asked)
                    .isLessThan(Duration.ofSeconds(1).toNanos());
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("unreachable");
            assertThat(application.probe("/q/health/live")).isEqualTo(200);
        } finally {
            postgres.thaw();
        }
        long back = System.nanoTime();
        await().atMost(Duration.ofSeconds(20)).until(() -> server.ledger().tokenRequests() > 0);
        await().atMost(Duration.ofSeconds(20)).until(() -> version(due) == 2);
        System.out.printf("First refresh stored %d ms after the return%n", millis(System.nanoTime() - back));
        await().until(() -> application.probe("/q/health/ready") == 200);
        assertThat(server.ledger().spentTwice()).isEmpty();

        long from = frozen;
        long end = frozen + STALE.minus(SYNC).toNanos();
        List<Read> stale = reads.stream()
                .filter(read -> read.askedNanos() >= from && read.askedNanos() < end)
                .toList();
        assertThat(stale).isNotEmpty().allMatch(read -> read.status() == 200);
        List<Duration> took = stale.stream().map(Read::took).sorted().toList();
        Duration p99 = took.get((int) (took.size() * 0.99));
        int lines = warnings() - linesBefore;
        Read longest = stale.stream().max(Comparator.comparing(Read::took)).orElseThrow();
        System.out.printf(
                "%d reads of a token in memory, p99 %d ms, longest %d ms, %d ms after the freeze; %d lines of warnings and"
                        + " errors%n",
                took.size(), p99.toMillis(), longest.took().toMillis(), millis(longest.askedNanos() - frozen), lines);
        assertThat(p99).isLessThan(Duration.ofMillis(500));
        assertThat(lines).as("lines of warnings and errors").isLessThanOrEqualTo(10);
    }

    @Test
    void aDatabaseThatTakesNoChangesIsNotReadyAndSaysSo() throws SQLException {
        String remembered = registered();
        assertThat(application.accessToken(remembered).statusCode()).isEqualTo(200);
        int linesBefore = warnings();
        execute("alter system set default_transaction_read_only = on");
        execute("select pg_reload_conf()");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> application.management("/q/health/ready").body().contains("read_only"));
        assertThat(application.accessToken(remembered).statusCode()).isEqualTo(200);
        assertThat(application.delete("/v1/sessions/" + remembered).statusCode())
                .isEqualTo(503);
        execute("set default_transaction_read_only = off", "alter system reset default_transaction_read_only");
        execute("select pg_reload_conf()");
        await().atMost(Duration.ofSeconds(5)).until(() -> application.probe("/q/health/ready") == 200);
        assertThat(application.delete("/v1/sessions/" + remembered).statusCode())
                .isEqualTo(204);
        assertThat(warnings() - linesBefore).as("lines of warnings and errors").isLessThanOrEqualTo(10);
    }

    private String registered() {
        return application.register("test", "user", server.issue("user").json());
    }

    private Read read(String id) {
        return read(id, System.nanoTime());
    }

    /** @param asked when it was to be asked: what it was late by counts too */
    private Read read(String id, long asked) {
        int status = application.accessToken(id).statusCode();
        return new Read(asked, Duration.ofNanos(System.nanoTime() - asked), status);
    }

    private long version(String id) {
        return Json.of(application.get("/v1/sessions/" + id + "/access-token").body())
                .path("version")
                .asLong();
    }

    private int warnings() {
        return (int) application
                .log()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .count();
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    private void update(String assignment) throws SQLException {
        execute("update tokenkeep_session set " + assignment);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.database().connect()) {
            for (String sql : statements) {
                connection.createStatement().execute(sql);
            }
        }
    }
}
