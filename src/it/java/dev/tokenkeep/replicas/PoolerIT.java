package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tokenkeep.testing.PgBouncer;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Through a pooler that gives each transaction another connection. */
class PoolerIT {

    private static final int THREADS = 16;
    private static final int SESSIONS = 320;

    @Test
    @DisplayName("Behind PgBouncer in transaction mode every call is served, without any setting")
    void everyCallIsServed() throws Exception {
        assumeThat(PgBouncer.installed()).as("PgBouncer is not installed").isPresent();
        TestDatabase database = TestDatabase.create();
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (var pooler = PgBouncer.before(database);
                var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(30))) {
            Environments.registration(environment, server);
            environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_URL", pooler.jdbcUrl());
            try (var application = PackagedApplication.start(environment)) {
                List<Future<Long>> versions = IntStream.range(0, SESSIONS)
                        .mapToObj(i -> threads.submit(() -> keepReadAndRefresh(application, server)))
                        .toList();
                for (Future<Long> version : versions) {
                    assertThat(version.get()).isEqualTo(2);
                }
            }
            assertThat(server.ledger().tokenRequests()).isEqualTo(SESSIONS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static long keepReadAndRefresh(PackagedApplication application, ScriptedAuthorizationServer server) {
        String id = application.register("test", "alice", server.issue("alice").json());
        assertThat(application.accessToken(id).statusCode()).isEqualTo(200);
        assertThat(application.post("/v1/sessions/" + id + "/refresh", "{}").statusCode())
                .isEqualTo(200);
        return Json.of(application.accessToken(id).body()).get("version").longValue();
    }
}
