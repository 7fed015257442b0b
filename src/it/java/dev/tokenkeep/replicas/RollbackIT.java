package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application on a schema that a later version has made. */
class RollbackIT {

    private static final String LATER = """
            alter table tokenkeep_session add region text, add priority integer not null default 0;
            create table tokenkeep_region (name text primary key);
            """;

    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path migrations;

    @Test
    void goesOnWhileTheSchemaBecomesNewerAndStartsOnItAgain() throws IOException {
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(2))) {
            Environments.registration(environment, server);
            IssuedTokens before = server.issue("before");
            String id;
            try (var running = PackagedApplication.start(environment)) {
                id = running.register("test", "before", before.json());
                migrateFurther();
                int refreshes = server.ledger().refreshesOf(before.refreshToken());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> server.ledger().refreshesOf(before.refreshToken()) > refreshes + 1);
                running.terminate();
                assertThat(running.awaitExit()).isZero();
            }
            try (var rolledBack = PackagedApplication.start(environment)) {
                assertThat(rolledBack.probe("/q/health/ready")).isEqualTo(200);
                // Its access token has expired, and a read waits for the refresh only for a while.
                await().until(() -> rolledBack.accessToken(id).statusCode() == 200);
                IssuedTokens after = server.issue("after");
                rolledBack.register("test", "after", after.json());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> server.ledger().refreshesOf(after.refreshToken()) > 0);
            }
            assertThat(server.ledger().spentTwice()).isEmpty();
        }
    }

    private void migrateFurther() throws IOException {
        Files.writeString(migrations.resolve("V9999__later.sql"), LATER);
        int migrated = Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("filesystem:src/main/resources/db/tokenkeep", "filesystem:" + migrations)
                .table("tokenkeep_schema_history")
                .load()
                .migrate()
                .migrationsExecuted;
        assertThat(migrated).isOne();
    }
}
