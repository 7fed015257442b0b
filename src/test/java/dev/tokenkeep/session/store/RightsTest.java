package dev.tokenkeep.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tokenkeep.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The database users that the documentation makes, and what they may do. */
class RightsTest {

    private static final Pattern BLOCK = Pattern.compile("```sql\n(create role [^`]*)```");
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final TestDatabase database = TestDatabase.create();

    @Test
    void theOwnerMakesTheTablesAndTheOtherUserHasItsRowsAlone() throws SQLException, IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("src/docs/operations.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(blocks).hasSize(2);
        execute(blocks.get(0));
        Statements.migrate(as("tokenkeep"));
        execute(blocks.get(1));
        TestDatabase rows = as("tokenkeep_rows");
        assertThat(Statements.refused(rows, Statements.of(Statements.newestVersion())))
                .isEmpty();
        try (Connection connection = rows.connect();
                var statement = connection.createStatement()) {
            for (String sql : List.of(
                    "drop table tokenkeep_session",
                    "alter table tokenkeep_audit disable trigger all",
                    "create table tokenkeep_more (id text)")) {
                assertThatThrownBy(() -> statement.execute(sql))
                        .as(sql)
                        .asInstanceOf(type(SQLException.class))
                        .returns(INSUFFICIENT_PRIVILEGE, SQLException::getSQLState);
            }
        }
    }

    /** The embedded server's URL names a user, which would count. */
    private TestDatabase as(String user) {
        return new TestDatabase(database.jdbcUrl().replaceFirst("\\?.*", ""), user, "…");
    }

    /** What psql alone understands aside. */
    private void execute(String script) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String sql : script.split(";\\s*|\n")) {
                if (!sql.isBlank() && !sql.startsWith("\\") && !sql.startsWith("create database")) {
                    statement.execute(sql);
                }
            }
        }
    }
}
