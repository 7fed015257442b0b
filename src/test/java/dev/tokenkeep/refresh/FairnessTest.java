package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.authorizationserver.RegistrationGuard.Breaker;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.budget.DueRegistrations;
import dev.tokenkeep.session.store.RefreshClaims;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Trouble;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions that fail for ever beside sessions that are well (CONFORMANCE L). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class FairnessTest {

    private static final int ROUNDS = 8;
    private static final String BAD = "bad";

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @Inject
    RefreshClaims claims;

    @Inject
    RefreshTimeouts timeouts;

    @Inject
    DueRegistrations dueRegistrations;

    @Inject
    RegistrationGuards guards;

    @Inject
    AccessTokenService tokens;

    @AfterEach
    void asUsual() {
        server.asUsual();
        fixture.execute("delete from tokenkeep_session");
        fixture.execute("delete from tokenkeep_budget");
    }

    @Test
    @DisplayName("L1, L2: sessions that are always answered 500 keep no good one from its refresh, and open no breaker")
    void sessionsThatAlwaysFailKeepNoGoodOneFromItsRefresh() {
        server.answerAlwaysFor(BAD, 500, "");
        List<String> bad = dueSessions(12, BAD);
        List<String> good = dueSessions(10, "alice");
        for (int round = 0; round < ROUNDS; round++) {
            // Their time comes again: the bad ones are the most overdue, and their access tokens have expired.
            bad.forEach(id -> fixture.update(
                    id,
                    "access_token_expires_at = now() - interval '1 minute',"
                            + " refresh_due_at = now() - interval '1 minute', not_before = null"));
            good.forEach(id -> fixture.update(id, "refresh_due_at = now(), not_before = null"));
            long version = round + 2;
            await().untilAsserted(() -> {
                job.tick();
                assertThat(good)
                        .allSatisfy(
                                id -> assertThat(fixture.session(id).tokens().version())
                                        .isEqualTo(version));
            });
        }
        assertThat(guards.of(fixture.registration()).breaker()).isEqualTo(Breaker.CLOSED);
        assertThat(bad)
                .allSatisfy(id -> assertThat(fixture.session(id).failure().attempts())
                        .as("it is tried again and again")
                        .isGreaterThan(1));
    }

    @Test
    @DisplayName("L1: sessions whose requests hang leave permits to the others")
    void sessionsWhoseRequestsHangLeavePermitsToTheOthers() {
        List<String> bad = dueSessions(12, BAD);
        fixture.execute("update tokenkeep_session set failures = 1, failure_code = 'timeout', failure_at = now()");
        Gate gate = server.holdAlwaysFor(BAD);
        int hanging = server.ledger().tokenRequests();
        job.tick();
        await().until(() -> server.ledger().tokenRequests() == hanging + 4);
        List<String> good = dueSessions(40, "alice");
        await().untilAsserted(() -> {
            job.tick();
            assertThat(good)
                    .allSatisfy(id ->
                            assertThat(fixture.session(id).tokens().version()).isEqualTo(2));
        });
        gate.open();
        await().untilAsserted(() -> {
            job.tick();
            assertThat(bad)
                    .allSatisfy(id ->
                            assertThat(fixture.session(id).tokens().version()).isEqualTo(2));
        });
    }

    @Test
    @DisplayName("L1: those that have never failed are claimed first, however long the others are overdue")
    void claimsThoseFirstThatHaveNotFailed() {
        dueSessions(300, BAD);
        fixture.execute("update tokenkeep_session set failures = 3, refresh_due_at = now() - interval '1 hour'");
        List<String> good = dueSessions(6, "alice");
        List<ClaimedSession> claimed = claim(null, 10, 2, false);
        assertThat(claimed).hasSize(8);
        assertThat(claimed.subList(0, 6)).extracting(ClaimedSession::id).containsExactlyInAnyOrderElementsOf(good);
        assertThat(claimed.subList(6, 8)).allMatch(ClaimedSession::failedBefore);
    }

    @Test
    @DisplayName(
            "L3: a probe is a session that has been refreshed before, and of the failed ones that with the fewest failures")
    void probesWithASessionThatHasSucceeded() {
        List<String> ids = dueSessions(30, "alice");
        String known = ids.get(17);
        fixture.update(known, "refreshed_at = now(), access_token_expires_at = now() + interval '1 hour'");
        assertThat(claim(null, 1, 1, true)).extracting(ClaimedSession::id).containsExactly(known);
        fixture.execute("update tokenkeep_session set failures = 5, refreshed_at = now(), lease_until = null,"
                + " sent_version = null");
        fixture.update(ids.get(23), "failures = 2");
        assertThat(claim(null, 1, 1, true)).extracting(ClaimedSession::id).containsExactly(ids.get(23));
    }

    @Test
    @DisplayName("L4, L6: of a budget of 60 a minute retries take what others leave, and readers what the job leaves")
    void retriesTakeOfABudgetWhatOthersLeave() {
        dueSessions(100, BAD);
        fixture.execute("update tokenkeep_session set failures = 1, refresh_due_at = now() - interval '1 hour'");
        var budget = new Budget(Duration.ofSeconds(1), 6);
        assertThat(claim(budget, 32, 32, false)).as("three of six").hasSize(3);
        List<String> good = dueSessions(10, "alice");
        assertThat(claim(budget, 32, 32, false))
                .as("one more, and two are left")
                .singleElement()
                .satisfies(claimed -> {
                    assertThat(claimed.failedBefore()).isFalse();
                    assertThat(good).contains(claimed.id());
                });
        assertThat(claim(budget, 32, 32, false)).isEmpty();
        ClaimTerms terms = terms(budget);
        String read = good.stream()
                .filter(id -> fixture.column(id, "sent_version is null").equals("t"))
                .findFirst()
                .orElseThrow();
        assertThat(claims.one(read, ClaimCondition.any(false), terms)).isPresent();
    }

    @Test
    @DisplayName("L5: a backlog of one registration hides nothing that is due of another")
    void aBacklogHidesNoOtherRegistration() {
        fixture.execute("""
                insert into tokenkeep_session (id, registration, subject, owning_caller, status, key_id, rt_version,
                    granted_version, refresh_token, registered_fingerprint, created_at, refresh_due_at)
                select 'backlog-' || n, 'narrow', 'subject', 'caller', 'ACTIVE', 'no such key', 1, 1, 'token',
                    sha256(('r' || n)::bytea), now(), now() - n * interval '1 second'
                from generate_series(1, 3000) n""");
        assertThat(dueRegistrations.among(List.of("test", "other", "narrow"))).containsExactly("narrow");
        String id = fixture.due(server);
        assertThat(dueRegistrations.among(List.of("test", "other", "narrow")))
                .containsExactlyInAnyOrder("narrow", "test");
        fixture.update(id, "failures = 1");
        assertThat(dueRegistrations.among(List.of("test", "other", "narrow")))
                .containsExactlyInAnyOrder("narrow", "test");
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
        });
    }

    @Test
    @DisplayName("L6: a reader who waits goes before the job's backlog")
    void aReaderGoesBeforeTheBacklog() {
        for (int i = 0; i < 200; i++) {
            fixture.registerAtNarrow(server.issue("alice"));
        }
        fixture.execute("update tokenkeep_session set refresh_due_at = now() - interval '1 minute'");
        server.troubles(() -> new Trouble(Duration.ZERO, Duration.ofMillis(30), false));
        try {
            job.tick();
            String id = fixture.registerAtNarrow(server.issue("bob"));
            fixture.update(id, "access_token_expires_at = now() - interval '1 second'");
            assertThat(tokens.read(id, Duration.ZERO)
                            .toCompletableFuture()
                            .join()
                            .version())
                    .isEqualTo(2);
            assertThat(fixture.select("select count(*) > 0 from tokenkeep_session where rt_version = 1"))
                    .as("the job has not worked it all off")
                    .isEqualTo("t");
            await().until(() -> {
                job.tick();
                return fixture.select("select count(*) from tokenkeep_session where rt_version = 1")
                        .equals("0");
            });
        } finally {
            server.troubles(() -> Trouble.NONE);
        }
    }

    private List<String> dueSessions(int number, String subject) {
        return new ArrayList<>(IntStream.range(0, number)
                .mapToObj(i -> fixture.due(server, subject))
                .toList());
    }

    private List<ClaimedSession> claim(Budget budget, int most, int retries, boolean probe) {
        return claims.due(List.of(new DueTerms(terms(budget), most, retries, false, probe, false)), 100)
                .sessions();
    }

    private ClaimTerms terms(Budget budget) {
        ClaimTerms plain = timeouts.claimTerms(fixture.registration());
        return new ClaimTerms(
                new ClaimTerms.Registered(plain.registration(), null),
                plain.credential(),
                plain.lease(),
                plain.unknown(),
                plain.leeway(),
                budget,
                () -> null,
                null);
    }
}
