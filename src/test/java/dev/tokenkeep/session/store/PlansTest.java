package dev.tokenkeep.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** How PostgreSQL finds the rows of whatever the application says, among many sessions. */
@TestInstance(Lifecycle.PER_CLASS)
class PlansTest {

    private static final int SESSIONS = 50_000;

    private static final String MANY = """
            insert into tokenkeep_session (id, registration, subject, owning_caller, status, key_id, rt_version,
                granted_version, refresh_token, registered_fingerprint, current_fingerprint, created_at,
                refresh_due_at, access_token, access_token_expires_at)
            select 'session-' || n, 'registration-' || n %% 3, 'subject-' || n, 'caller-' || n %% 5,
                case n %% 100 when 0 then 'REMOVED' when 1 then 'REAUTHENTICATION_REQUIRED' else 'ACTIVE' end,
                'key', 1, 1, sha256(('t' || n)::bytea), sha256(('r' || n)::bytea), sha256(('c' || n)::bytea), now(),
                now() + (n - 1000) * interval '1 second', sha256(('a' || n)::bytea), now() + n * interval '1 second'
            from generate_series(1, %d) n
            """.formatted(SESSIONS);

    /** Those count sessions, of all keys and of all registrations: no refresh and no token waits for them. */
    private static final List<String> COUNTS =
            List.of("select key_id, sum(n)", "select registration, 'ACTIVE', count(*)");

    private Connection connection;

    @BeforeAll
    void manySessions() throws SQLException {
        TestDatabase database = TestDatabase.create();
        Statements.migrate(database);
        connection = Statements.explaining(database);
        execute("alter table tokenkeep_session set (autovacuum_enabled = off)");
        execute(MANY);
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    /**
     * Every session is claimed at every refresh. PostgreSQL writes an entry into each index of the table if the change
     * touches a column that any of them has, also in its condition.
     */
    @Test
    void aClaimChangesNoColumnThatAnIndexHas() throws SQLException {
        try (Statement statement = connection.createStatement();
                var found = statement.executeQuery("""
                        select string_agg(distinct i.relname || '.' || a.attname, ', ')
                        from pg_depend d
                        join pg_class i on i.oid = d.objid and i.relkind = 'i'
                        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                        where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
                        and d.refobjid = 'tokenkeep_session'::regclass
                        and a.attname in ('attempt_id', 'lease_until', 'sent_at', 'sent_version', 'traceparent')""")) {
            found.next();
            assertThat(found.getString(1)).isNull();
        }
    }

    @Test
    void goesThroughAllSessionsOnlyToCountThem() throws SQLException {
        execute("analyze tokenkeep_session");
        assertThat(goingThroughAll()).allSatisfy(PlansTest::counts);
    }

    /** As after a table has grown at once: many sign-ins, or a restored database. */
    @Test
    void goesThroughAllSessionsOnlyToCountThemAlsoWithoutStatistics() throws SQLException {
        execute("delete from pg_statistic where starelid = 'tokenkeep_session'::regclass");
        assertThat(goingThroughAll()).allSatisfy(PlansTest::counts);
    }

    @Test
    void noticesAStatementThatGoesThroughAll() throws SQLException {
        assertThat(goesThroughAll("select * from tokenkeep_session where scope = ?"))
                .isTrue();
        assertThat(goesThroughAll("update tokenkeep_session set scope = null where failures > ?"))
                .isTrue();
    }

    private static void counts(String statement) {
        assertThat(COUNTS).anyMatch(statement::startsWith);
    }

    private List<String> goingThroughAll() {
        List<String> said = Statements.of(Statements.newestVersion()).stream()
                .filter(statement -> statement.contains("tokenkeep_session"))
                .map(PlansTest::whole)
                .toList();
        assertThat(said).hasSizeGreaterThan(40);
        return said.stream().filter(this::goesThroughAll).toList();
    }

    /** A listing is kept condition by condition; two of them are always there. */
    private static String whole(String kept) {
        return kept.contains(" offset ? rows ")
                ? kept.replace(" where ", " where sr1_0.owning_caller in (?) and sr1_0.status <> 'REMOVED' and ")
                : kept;
    }

    /** Planned for parameters that are not known, as what is said often is. */
    private boolean goesThroughAll(String said) {
        try (Statement statement = connection.createStatement();
                var plan = statement.executeQuery(Statements.explained(said))) {
            plan.next();
            return nodes(new ObjectMapper().readTree(plan.getString(1)))
                    .anyMatch(node -> node.path("Node Type").asText().endsWith("Seq Scan")
                            && node.path("Relation Name").asText().equals("tokenkeep_session"));
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException(said, e);
        }
    }

    private static Stream<JsonNode> nodes(JsonNode node) {
        return Stream.concat(
                Stream.of(node),
                Stream.of(node).flatMap(one -> one.valueStream()).flatMap(PlansTest::nodes));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
