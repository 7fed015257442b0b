package dev.tokenkeep.session.upkeep;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class StorageCheckTest {

    private static final String ROW = """
            insert into tokenkeep_session (id, registration, subject, owning_caller, status, key_id, rt_version,
                granted_version, refresh_token, registered_fingerprint, created_at)
            values ('gone', 'test', 'alice', 'tester', '%s', 'gone-2020', 1, 1, '\\x00', '\\x00', now())""";

    @Inject
    StorageCheck check;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @Test
    void refusesToStartWithoutAKeyThatRowsNeedAndNamesItAndThem() throws SQLException {
        execute(ROW.formatted("REAUTHENTICATION_REQUIRED"));
        try {
            assertThatThrownBy(() -> check.check(new StartupEvent()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tokenkeep.encryption.keys")
                    .hasMessageContaining("gone-2020 (1 rows)")
                    .hasMessageContaining("tokenkeep.encryption.allow-missing-keys");
        } finally {
            execute("delete from tokenkeep_session where id = 'gone'");
        }
    }

    @Test
    void aTombstoneNeedsNoKey() throws SQLException {
        execute(ROW.formatted("REMOVED"));
        try {
            assertThatCode(() -> check.check(new StartupEvent())).doesNotThrowAnyException();
        } finally {
            execute("delete from tokenkeep_session where id = 'gone'");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
