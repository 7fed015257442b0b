package dev.tokenkeep.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tokenkeep.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * During an upgrade replicas of two versions run on the new schema, and after a rollback the former one alone: a migration
 * may break nothing for the version before it.
 */
class UpgradeTest {

    private static final int NEWEST = Statements.newestVersion();

    /**
     * What a migration may do although it looks like a break, by version, as the message says it. Either it is the second
     * step of two, and the release before has stopped using what goes now (that one has to be rolled out first), or it is
     * told here why it breaks nothing.
     */
    private static final Map<Integer, Set<String>> ARGUED = Map.of(
            // They send a notification, which nobody has to hear, and refuse nothing.
            12,
            Set.of(
                    "new: tokenkeep_session: CREATE TRIGGER tokenkeep_session_changed AFTER UPDATE"
                            + " ON public.tokenkeep_session FOR EACH ROW"
                            + " WHEN (((old.rt_version IS DISTINCT FROM new.rt_version)"
                            + " OR (old.status IS DISTINCT FROM new.status)"
                            + " OR (old.access_token_expires_at IS DISTINCT FROM new.access_token_expires_at)"
                            + " OR (old.owning_caller IS DISTINCT FROM new.owning_caller)))"
                            + " EXECUTE FUNCTION tokenkeep_session_changed()",
                    "new: tokenkeep_session: CREATE TRIGGER tokenkeep_session_gone AFTER DELETE"
                            + " ON public.tokenkeep_session FOR EACH ROW EXECUTE FUNCTION tokenkeep_session_changed()"));

    @TempDir
    Path planted;

    /** Its own version's, and those of every version before it that is still kept. */
    @TestFactory
    Stream<DynamicTest> theNewestSchemaTakesWhatReplicasSay() {
        List<Integer> versions = Statements.versions();
        assertThat(versions).hasSizeGreaterThan(1).contains(NEWEST);
        return versions.stream()
                .map(version -> dynamicTest("V" + version, () -> {
                    List<String> said = Statements.of(version);
                    assertThat(said).hasSizeGreaterThan(40);
                    TestDatabase database = TestDatabase.create();
                    migrate(database, version);
                    assertThat(Statements.refused(database, said))
                            .as("by its own schema")
                            .isEmpty();
                    migrate(database, NEWEST);
                    assertThat(Statements.refused(database, said))
                            .as("by the newest one")
                            .isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> noMigrationBreaksTheVersionBeforeIt() {
        TestDatabase database = TestDatabase.create();
        migrate(database, 1);
        return IntStream.rangeClosed(2, NEWEST)
                .mapToObj(version -> dynamicTest("V" + version, () -> {
                    Schema before = schema(database);
                    migrate(database, version);
                    assertThat(schema(database).breaksOf(before)).isEqualTo(ARGUED.getOrDefault(version, Set.of()));
                }));
    }

    /** What would, and what is said of it. */
    @TestFactory
    Stream<DynamicTest> aMigrationThatWouldIsNoticed() {
        return Stream.of(
                        "alter table tokenkeep_session drop column scope -> gone: tokenkeep_session.scope",
                        "alter table tokenkeep_session rename sent_at to spent_at -> gone: tokenkeep_session.sent_at",
                        "alter table tokenkeep_session alter failures type bigint"
                                + " -> gone: tokenkeep_session.failures integer",
                        "alter table tokenkeep_pause rename to tokenkeep_hold -> gone: tokenkeep_pause",
                        "drop table tokenkeep_budget -> gone: tokenkeep_budget",
                        "alter table tokenkeep_session add region text not null"
                                + " -> new: tokenkeep_session.region needs a value",
                        "alter table tokenkeep_session alter scope set not null"
                                + " -> new: tokenkeep_session.scope is not null",
                        "alter table tokenkeep_session alter failures drop default"
                                + " -> new: tokenkeep_session.failures needs a value",
                        "alter table tokenkeep_session add check (failures < 9) -> new: tokenkeep_session: CHECK",
                        "create unique index on tokenkeep_session (subject)"
                                + " -> new: unique: public.tokenkeep_session USING btree (subject)",
                        "drop index tokenkeep_session_registered -> gone: unique: public.tokenkeep_session",
                        "alter table tokenkeep_revocation add foreign key (session_id) references tokenkeep_session"
                                + " -> new: tokenkeep_revocation: FOREIGN KEY",
                        "create trigger t before insert on tokenkeep_session for each row"
                                + " execute function tokenkeep_audit_stays() -> new: tokenkeep_session: CREATE TRIGGER")
                .map(line -> line.split(" -> "))
                .map(parts -> dynamicTest(
                        parts[0],
                        () -> assertThat(plantedBreaks(parts[0])).anyMatch(said -> said.startsWith(parts[1]))));
    }

    @Test
    void aMigrationThatOnlyAddsIsNoBreak() throws SQLException, IOException {
        assertThat(plantedBreaks("""
                alter table tokenkeep_session add region text, add priority integer not null default 0;
                create index on tokenkeep_session (region);
                create table tokenkeep_region (name text primary key, check (name <> ''));
                """)).isEmpty();
    }

    @Test
    void aRenamedColumnIsNoticedByWhatReplicasSayToo() throws SQLException, IOException {
        TestDatabase database = TestDatabase.create();
        migrate(database, NEWEST);
        plant(database, "alter table tokenkeep_session rename sent_at to spent_at");
        assertThat(Statements.refused(database, Statements.of(NEWEST)))
                .isNotEmpty()
                .allMatch(said -> said.contains("sent_at"));
    }

    private Set<String> plantedBreaks(String sql) throws SQLException, IOException {
        TestDatabase database = TestDatabase.create();
        migrate(database, NEWEST);
        Schema before = schema(database);
        plant(database, sql);
        return schema(database).breaksOf(before);
    }

    private void plant(TestDatabase database, String sql) throws IOException {
        Files.writeString(planted.resolve("V" + (NEWEST + 1) + "__planted.sql"), sql);
        migrate(database, NEWEST + 1);
    }

    private void migrate(TestDatabase database, int version) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("filesystem:" + Statements.MIGRATIONS, "filesystem:" + planted)
                .table("tokenkeep_schema_history")
                .target(String.valueOf(version))
                .load()
                .migrate();
    }

    private static Schema schema(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Schema.of(connection);
        }
    }
}
