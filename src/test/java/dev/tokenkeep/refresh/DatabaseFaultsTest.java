package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever the database does while an answer is on its way, the answer is not lost (CONFORMANCE F3, F5). */
@QuarkusTest
@TestProfile(ShortLeases.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
class DatabaseFaultsTest {

    /** Of the registration that sends two at once. */
    private static final int AT_MOST_UNSTORED = 2 + 64;

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @Inject
    PendingWrites pending;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource pool;

    @ConfigProperty(name = "quarkus.datasource.tokenkeep.jdbc.url")
    String url;

    @ConfigProperty(name = "quarkus.datasource.tokenkeep.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.tokenkeep.password")
    String password;

    @AfterEach
    void clear() {
        server.asUsual();
        // A connection that a test has had cut may be the one that comes out of the pool.
        await().ignoreExceptions().untilAsserted(() -> fixture.execute("delete from tokenkeep_session"));
    }

    @Test
    @DisplayName(
            "F5: the database goes away before the store: the answer is held, not asked for again, and stored first")
    void anAnswerOutlivesAnOutageOfTheDatabase() throws SQLException {
        String id = fixture.due(server);
        Gate gate = server.holdNextAnswer();
        job.tick();
        gate.awaitArrival();
        int requests = server.ledger().tokenRequests();
        database("false");
        try {
            gate.open();
            await().until(() -> pending.count() == 1);
            job.tick();
            assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        } finally {
            database("true");
        }
        await().ignoreExceptions().until(() -> fixture.session(id).tokens().version() == 2);
        await().until(() -> pending.count() == 0);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(server.isActive(fixture.snapshot(id).access().token().reveal()))
                .isTrue();
    }

    @Test
    @DisplayName("F5: no connection is to be had: the answer is held until there is one")
    void anAnswerOutlivesAnExhaustedPool() throws SQLException {
        String id = fixture.due(server);
        Gate gate = server.holdNextAnswer();
        job.tick();
        gate.awaitArrival();
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < ShortLeases.CONNECTIONS; i++) {
                all.add(pool.getConnection());
            }
            gate.open();
            await().until(() -> pending.count() == 1);
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
        await().until(() -> fixture.session(id).tokens().version() == 2);
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("F5: answers do not come faster than the database takes them: a crash would cost those that wait")
    void asksForNoMoreThanIsStoredSoon() throws SQLException {
        List<String> ids = Stream.generate(() -> fixture.registerAtNarrow(server.issue("alice")))
                .limit(2 * AT_MOST_UNSTORED)
                .toList();
        String stuck = "'" + ids.get(0) + "', '" + ids.get(1) + "'";
        int before = server.ledger().tokenRequests();
        List<Gate> gates = List.of(server.holdNextAnswer(), server.holdNextAnswer());
        fixture.execute("update tokenkeep_session set refresh_due_at = now() where id in (" + stuck + ")");
        job.tick();
        gates.forEach(Gate::awaitArrival);
        try (Connection other = DriverManager.getConnection(url, user, password);
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select 1 from tokenkeep_session where id in (" + stuck + ") for update");
            // One after the other, lest they are stored together: as many as may be stored at once are stuck.
            for (int i = 0; i < gates.size(); i++) {
                gates.get(i).open();
                fixture.awaitLockWaits(i + 1);
            }
            fixture.execute("update tokenkeep_session set refresh_due_at = now() where id not in (" + stuck + ")");
            await().untilAsserted(() -> {
                job.tick();
                assertThat(server.ledger().tokenRequests() - before).isEqualTo(AT_MOST_UNSTORED);
            });
            await().during(Duration.ofMillis(500)).until(() -> {
                job.tick();
                return server.ledger().tokenRequests() - before == AT_MOST_UNSTORED;
            });
            other.rollback();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> fixture.select("select count(*) from tokenkeep_session where rt_version <> 2")
                        .equals("0"));
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("F3: while a request is under way no transaction is open and no row is locked")
    void nothingIsLockedOverHttp() throws SQLException {
        String id = fixture.due(server);
        Gate gate = server.holdNextBeforeSpending();
        job.tick();
        gate.awaitArrival();
        assertThat(fixture.select("""
                select count(*) from pg_stat_activity
                where datname = current_database() and state like 'idle in transaction%'""")).isEqualTo("0");
        try (Connection other = DriverManager.getConnection(url, user, password);
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            assertThat(statement
                            .executeQuery("select 1 from tokenkeep_session where id = '" + id + "' for update nowait")
                            .next())
                    .isTrue();
            other.rollback();
        }
        gate.open();
        await().until(() -> fixture.session(id).tokens().version() == 2);
    }

    @Test
    @DisplayName("F2: a replica that is stopped in a transaction does not hold up the others for ever")
    void aTransactionThatIsForgottenIsEndedByTheDatabase() throws SQLException {
        String id = fixture.due(server);
        try (Connection stopped = pool.getConnection();
                var statement = stopped.createStatement()) {
            stopped.setAutoCommit(false);
            statement.execute("select 1 from tokenkeep_session where id = '" + id + "' for update");
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                job.tick();
                assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
            });
        } catch (SQLException gone) {
            assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
        }
    }

    /** Lets nobody in and throws everybody out, or lets them in again. */
    private void database(String allowed) throws SQLException {
        String name = url.replaceFirst(".*/([^/?]+).*", "$1");
        String elsewhere = url.replaceFirst("/" + name, "/template1");
        try (Connection connection = DriverManager.getConnection(elsewhere, user, password);
                var statement = connection.createStatement()) {
            statement.execute("alter database " + name + " with allow_connections " + allowed);
            if (allowed.equals("false")) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
            }
        }
    }
}
