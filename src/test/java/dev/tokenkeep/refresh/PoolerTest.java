package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.PgBouncer;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Through a pooler that gives each transaction another connection. */
@QuarkusTest
@WithTestResource(value = PoolerTest.Pooled.class)
@WithTestResource(AuthorizationServerResource.class)
class PoolerTest {

    private static final int THREADS = 16;
    private static final int SESSIONS = 320;

    /** A database behind PgBouncer; where that is not installed, the database itself, so that the application starts. */
    public static final class Pooled implements QuarkusTestResourceLifecycleManager {

        private @Nullable PgBouncer pooler;

        @Override
        public Map<String, String> start() {
            TestDatabase database = TestDatabase.create();
            pooler = PgBouncer.installed().isPresent() ? PgBouncer.before(database) : null;
            return Map.of(
                    "quarkus.datasource.tokenkeep.jdbc.url", pooler == null ? database.jdbcUrl() : pooler.jdbcUrl(),
                    "quarkus.datasource.tokenkeep.username", database.user(),
                    "quarkus.datasource.tokenkeep.password", database.password(),
                    "tokenkeep.encryption.keys", TestKeys.directory().toString());
        }

        @Override
        public void stop() {
            if (pooler != null) {
                pooler.close();
            }
        }
    }

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    AccessTokenService tokens;

    @Test
    @DisplayName("Behind PgBouncer in transaction mode every call is served, without any setting")
    void everyCallIsServed() throws Exception {
        assumeThat(PgBouncer.installed()).as("PgBouncer is not installed").isPresent();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Long>> versions = IntStream.range(0, SESSIONS)
                    .mapToObj(i -> threads.submit(this::keepReadAndRefresh))
                    .toList();
            for (Future<Long> version : versions) {
                assertThat(version.get()).isEqualTo(2);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.ledger().tokenRequests()).isEqualTo(SESSIONS);
    }

    private long keepReadAndRefresh() {
        String id = fixture.register(server.issue("alice"));
        tokens.read(id, Duration.ZERO).toCompletableFuture().join();
        tokens.refresh(id, OptionalLong.empty()).toCompletableFuture().join();
        return tokens.read(id, Duration.ZERO).toCompletableFuture().join().version();
    }
}
