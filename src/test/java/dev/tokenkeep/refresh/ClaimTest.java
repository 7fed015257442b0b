package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.store.RefreshClaims;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a claim takes, and what it leaves; each call here is another replica's. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class ClaimTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshClaims claims;

    @Inject
    RefreshTimeouts timeouts;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void clear() {
        fixture.execute("delete from tokenkeep_session");
        fixture.execute("delete from tokenkeep_budget");
    }

    @Test
    @DisplayName("F2: a claim waits for no row that another transaction holds")
    void skipsWhatAnotherTransactionHolds() throws Exception {
        String locked = fixture.due(server);
        String free = fixture.due(server);
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("select 1 from tokenkeep_session where id = '" + locked + "' for update");
            var claim = CompletableFuture.supplyAsync(this::due);
            assertThat(claim.get(3, TimeUnit.SECONDS)).containsExactly(free);
            other.rollback();
        }
    }

    @Test
    @DisplayName("F2: what one replica has claimed no other does, and its lease is by the database's clock")
    void claimsNothingTwice() {
        // Nothing but the lease is in the way of a second claim.
        String id = fixture.expired(server);
        assertThat(due()).containsExactly(id);
        assertThat(due()).isEmpty();
        assertThat(fixture.column(
                        id, "lease_until between now() + interval '5 second' and now() + interval '9 second'"))
                .isEqualTo("t");
    }

    @Test
    @DisplayName("F1: a reader that saw an older version has been served meanwhile, and claims nothing")
    void claimsNothingForAReaderOfAnOlderVersion() {
        String id = fixture.due(server);
        assertThat(claims.one(id, ClaimCondition.version(false, 7), terms())).isEmpty();
        assertThat(claims.one(id, ClaimCondition.version(false, 1), terms())).isPresent();
    }

    @Test
    @DisplayName("D: a session that was claimed before it was due is due from then on: the job takes it over")
    void whatIsClaimedIsDue() {
        String id = fixture.register(server.issue("alice"));
        assertThat(claims.one(id, ClaimCondition.any(true), terms())).isPresent();
        assertThat(fixture.column(id, "refresh_due_at <= now()")).isEqualTo("t");
    }

    @Test
    @DisplayName("B3: the leeway counts from the first time a refresh token was sent, however often it was")
    void theFirstSendCounts() {
        String id = fixture.attemptedElsewhere(server, "null", "now()");
        String first = fixture.column(id, "sent_at");
        ClaimedSession again =
                claims.one(id, ClaimCondition.any(false), terms()).orElseThrow();
        assertThat(again.spent().outcomeOpen()).isTrue();
        assertThat(fixture.column(id, "sent_at")).isEqualTo(first);
    }

    @ParameterizedTest(name = "sent {0} s ago, failed {1} s ago, {2} failures")
    @CsvSource({
        "39, 2, 1, false",
        "41, 2, 1, true",
        "41, 30, 1, false",
        "41, 2, 2, false",
        "59, 2, 1, true",
        "61, 2, 2, true",
        "61, 50, 1, true",
        "65, 2, 2, false",
        "65, 2, 1, true",
        "81, 30, 1, false"
    })
    @DisplayName(
            "B3, L1: whose refresh token is good for a quarter of 80 s only goes first; half, if its request was slow")
    void thoseWithLittleTimeLeftGoFirst(int sentAgo, int failedAgo, int failures, boolean first) {
        String other = fixture.due(server);
        String failed = fixture.due(server);
        ClaimTerms leeway = terms(ClaimTerms.Unknown.RETRY_WITHIN, Duration.ofSeconds(80), null);
        for (DueTerms due : List.of(
                new DueTerms(leeway, 1, 0, false, false, true),
                new DueTerms(leeway, 1, 0, false, true, false),
                new DueTerms(leeway, 1, 0, false, false, false))) {
            fixture.execute("update tokenkeep_session set lease_until = null, sent_version = null");
            fixture.update(
                    failed,
                    "sent_version = rt_version, sent_at = now() - interval '" + sentAgo + " seconds', failures = "
                            + failures + ", failure_code = 'http_504', failure_at = now() - interval '" + failedAgo
                            + " seconds'");
            List<String> otherwise = due.lastChancesOnly() ? List.of() : List.of(other);
            assertThat(claimed(due)).as(due.toString()).isEqualTo(first ? List.of(failed) : otherwise);
        }
    }

    @Test
    @DisplayName("B3: its replica was killed, and it had failed before: it goes first all the same")
    void aSessionThatFailedLongAgoHasItsLastChanceToo() {
        String failed = fixture.due(server);
        ClaimTerms leeway = terms(ClaimTerms.Unknown.RETRY_WITHIN, Duration.ofSeconds(80), null);
        String other = fixture.due(server);
        for (boolean lastChancesOnly : new boolean[] {true, false}) {
            var due = new DueTerms(leeway, 1, 0, false, false, lastChancesOnly);
            fixture.update(
                    failed,
                    "lease_until = null, sent_version = rt_version, sent_at = now() - interval '65 seconds', failures = 3,"
                            + " failure_code = 'http_503', failure_at = now() - interval '5 minutes'");
            fixture.update(other, "lease_until = null, sent_version = null");
            assertThat(claimed(due)).containsExactly(failed);
            fixture.update(failed, "lease_until = null, failure_at = now() - interval '2 seconds', failures = 4");
            assertThat(claimed(due)).isEqualTo(lastChancesOnly ? List.of() : List.of(other));
        }
    }

    @Test
    @DisplayName("F11: a row whose key is not there is left alone, and not ended")
    void leavesARowAloneWhoseKeyIsMissing() {
        String id = fixture.due(server);
        fixture.update(id, "key_id = 'gone'");
        assertThat(due()).isEmpty();
        assertThat(fixture.column(
                        id,
                        "lease_until is null and attempt_id is null and failure_code is null and status = 'ACTIVE'"))
                .isEqualTo("t");
    }

    @Test
    @DisplayName("D: nothing but an active session is due, whatever else its row says")
    void claimsNoSessionThatIsNotActive() {
        for (String status : List.of("REAUTHENTICATION_REQUIRED", "USER_ACTION_REQUIRED", "QUARANTINED", "REMOVED")) {
            fixture.update(fixture.due(server), "status = '" + status + "'");
        }
        assertThat(due()).isEmpty();
    }

    @Test
    @DisplayName("E: two replicas do not spend the same request of a budget")
    void aBudgetIsSpentByOneClaimAtATime() throws SQLException {
        fixture.due(server);
        ClaimTerms terms = terms(terms().unknown(), terms().leeway(), new Budget(Duration.ofHours(1), 1));
        fixture.execute("insert into tokenkeep_budget (registration, paid_until) values ('test', now())");
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("select 1 from tokenkeep_budget where registration = 'test' for update");
            var claim = CompletableFuture.supplyAsync(
                    () -> claims.due(List.of(new DueTerms(terms, 10, 10, false, false, false)), 10));
            await().during(Duration.ofMillis(500)).until(() -> !claim.isDone());
            other.createStatement().execute("update tokenkeep_budget set paid_until = now() + interval '1 hour'");
            other.commit();
            assertThat(claim.join().sessions()).isEmpty();
        }
    }

    private List<String> due() {
        return claimed(new DueTerms(terms(), 10, 10, false, false, false));
    }

    private List<String> claimed(DueTerms due) {
        return claims.due(List.of(due), 10).sessions().stream()
                .map(ClaimedSession::id)
                .toList();
    }

    private ClaimTerms terms() {
        return timeouts.claimTerms(fixture.registration());
    }

    private ClaimTerms terms(ClaimTerms.Unknown unknown, Duration leeway, @Nullable Budget budget) {
        return new ClaimTerms(
                new ClaimTerms.Registered("test", null),
                terms().credential(),
                terms().lease(),
                unknown,
                leeway,
                budget,
                () -> null,
                null);
    }
}
