package dev.tokenkeep.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** A rotation under load: 2,000 rows, or as many as {@code tokenkeep.rotation.rows} says. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class KeyRotationTest {

    private static final Logger LOG = Logger.getLogger(KeyRotationTest.class);
    private static final int ROWS = Integer.getInteger("tokenkeep.rotation.rows", 2000);
    private static final int READERS = 3;

    ScriptedAuthorizationServer server;

    @Inject
    KeyFixture fixture;

    @Inject
    KeyHeartbeat heartbeat;

    @Inject
    ReencryptionJob job;

    @Inject
    AccessTokenService tokens;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger refreshes = new AtomicInteger();
    private final AtomicInteger putOff = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    void noReadFailsWhileAllRowsComeToTheNewKey() throws InterruptedException {
        fixture.startOver();
        List<String> ids = IntStream.range(0, ROWS)
                .parallel()
                .mapToObj(i -> fixture.register(server.issue("alice")))
                .toList();
        var load = Executors.newFixedThreadPool(READERS + 1);
        try {
            for (int i = 0; i < READERS; i++) {
                load.execute(() -> repeat(ids, this::read));
            }
            load.execute(() -> repeat(ids, this::refresh));
            String young = fixture.newPrimary();
            heartbeat.tick();
            String left = "select count(*) from tokenkeep_session where key_id <> '" + young + "'";
            long begun = System.nanoTime();
            await().atMost(Duration.ofMinutes(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        job.tick();
                        return fixture.select(left).equals("0");
                    });
            double seconds = (System.nanoTime() - begun) / 1e9;
            over.set(true);
            load.shutdown();
            assertThat(load.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            LOG.infof(
                    "Rotated %d rows in %.1f s: %.0f rows/s, with %d reads (%d failed) and %d refreshes (%d put off),"
                            + " %s rows left",
                    ROWS,
                    seconds,
                    ROWS / seconds,
                    reads.get(),
                    failures.size(),
                    refreshes.get(),
                    putOff.get(),
                    fixture.select(left));
            assertThat(failures).isEmpty();
            assertThat(fixture.select("select count(*) from tokenkeep_session where status <> 'ACTIVE'"))
                    .isEqualTo("0");
            assertThat(fixture.select(left)).isEqualTo("0");
            assertThat(reads.get()).isPositive();
            assertThat(refreshes.get()).isPositive();
            assertThat(server.ledger().spentTwice()).isEmpty();
        } finally {
            over.set(true);
            load.shutdownNow();
            fixture.startOver();
        }
    }

    private void repeat(List<String> ids, Consumer<String> call) {
        while (!over.get()) {
            try {
                call.accept(ids.get(ThreadLocalRandom.current().nextInt(ids.size())));
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    private void read(String id) {
        tokens.read(id, Duration.ZERO).toCompletableFuture().join();
        reads.incrementAndGet();
    }

    private void refresh(String id) {
        try {
            tokens.refresh(id, OptionalLong.empty()).toCompletableFuture().join();
            refreshes.incrementAndGet();
        } catch (CompletionException e) {
            // A busy machine may be too slow for the timeout: the session goes on by itself.
            if (!(e.getCause() instanceof TokenUnavailableException)) {
                throw e;
            }
            putOff.incrementAndGet();
        }
    }
}
