package dev.tokenkeep.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;

/** A database of its own and a key directory for the application under test. */
public final class EmbeddedPostgresResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.create();
        Path keys = TestKeys.directory();
        return Map.of(
                "quarkus.datasource.tokenkeep.jdbc.url", database.jdbcUrl(),
                "quarkus.datasource.tokenkeep.username", database.user(),
                "quarkus.datasource.tokenkeep.password", database.password(),
                "tokenkeep.encryption.keys", keys.toString());
    }

    @Override
    public void stop() {
        // The server ends with the process; the databases end with the server.
    }
}
