package dev.tokenkeep.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** The database users that README makes, and what they may do. */
class RightsTest {

    private static final Pattern BLOCK = Pattern.compile("```sql\n(create role [^`]*)```");
    private static final String OWNER = "tokenkeep";
    private static final String ROWS = "tokenkeep_rows";

    private final TestDatabase database = TestDatabase.create();

    @Test
    void theOwnerMakesTheTablesAndTheOtherUserHasItsRowsAlone() throws SQLException, IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(blocks).hasSize(2);
        List<String> said = Statements.of(Statements.newestVersion());
        try (Connection connection = Statements.explaining(database)) {
            execute(connection, blocks.get(0));
            execute(connection, "set session authorization " + OWNER);
            migrate();
            execute(connection, "reset session authorization");
            execute(connection, blocks.get(1));
            execute(connection, "set session authorization " + ROWS);
            assertThat(said.stream()
                            .filter(sql -> !sql.startsWith("show "))
                            .flatMap(sql -> refusal(connection, Statements.explained(sql))))
                    .isEmpty();
            assertThat(refusal(connection, "drop table tokenkeep_session")).isNotEmpty();
            assertThat(refusal(connection, "alter table tokenkeep_audit disable trigger all"))
                    .isNotEmpty();
            assertThat(refusal(connection, "create table tokenkeep_more (id text)"))
                    .isNotEmpty();
        }
    }

    /** What psql alone understands aside. */
    private static void execute(Connection connection, String script) throws SQLException {
        for (String sql : script.split(";\\s*|\n")) {
            if (!sql.isBlank() && !sql.startsWith("\\") && !sql.startsWith("create database")) {
                connection.createStatement().execute(sql);
            }
        }
    }

    private void migrate() {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), OWNER, "…")
                .locations("filesystem:" + Statements.MIGRATIONS)
                .table("tokenkeep_schema_history")
                .load()
                .migrate();
    }

    private static Stream<String> refusal(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            return Stream.empty();
        } catch (SQLException e) {
            return Stream.of(e.getMessage() + ": " + sql);
        }
    }
}
