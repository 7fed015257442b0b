package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.RegistrationGuard.Breaker;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.WithoutApi;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Answers that get lost where the previous refresh token stays good for ten seconds (CONFORMANCE B3, D). */
@QuarkusTest
@TestProfile(WithoutApi.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(
        value = AuthorizationServerResource.class,
        initArgs = @ResourceArg(name = "rotation", value = "leeway"))
@WithTestResource(CallersResource.class)
class LeewayTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @Inject
    AccessTokenService tokens;

    @Inject
    RegistrationGuards guards;

    @Inject
    ClientRegistrations registrations;

    @AfterEach
    void asUsual() {
        server.asUsual();
        fixture.execute("delete from tokenkeep_session");
    }

    @Test
    @DisplayName("B3, D: an answer that was lost is asked for again inside the leeway, and one successor is kept")
    void aLostAnswerIsAskedForAgainInsideTheLeeway() {
        String id = fixture.due(server);
        server.dropNextAfterSpending();
        job.tick();
        awaitVersion(id, 2);
        assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        awaitVersion(id, 3);
        assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
    }

    @Test
    @DisplayName(
            "B3, D: outside the leeway the access token is served to its end before the refresh token is tried again")
    void outsideTheLeewayTheTokenIsServedToItsEnd() {
        String id = fixture.attemptedElsewhere(server, "now() - interval '1 minute'", "now() + interval '30 second'");
        int requests = server.ledger().tokenRequests();
        job.tick();
        assertThat(read(id)).isEqualTo(1);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        fixture.update(id, "access_token_expires_at = now()");
        awaitVersion(id, 2);
    }

    @Test
    @DisplayName("D: the last moment to ask again leaves time for the answer, and for the difference of two clocks")
    void theRetryWindowEndsBeforeTheLeeway() {
        // Ten seconds, less a second between the clocks, less the hard cap of a second.
        String inside = sentAgo("7.5 seconds");
        String outside = sentAgo("8.5 seconds");
        awaitVersion(inside, 2);
        assertThat(fixture.session(outside).tokens().version()).isEqualTo(1);
    }

    @Test
    @DisplayName("B3, L2: an open breaker lets those through that would be lost, once, and nobody else")
    void anOpenBreakerLetsLastChancesThroughOnce() {
        RegistrationGuard guard = openBreaker("narrow", () -> fixture.registerAtNarrow(server.issue("alice")));
        // Of eight seconds the last two; the last four after a slow request.
        String early = failed("3 seconds", "2 seconds");
        String slow = failed("4.3 seconds", "0.2 seconds");
        String last = failed("6.3 seconds", "5 seconds");
        String tried = failed("6.3 seconds", "0.2 seconds");
        fixture.update(tried, "failures = 2");
        String late = failed("8.1 seconds", "5 seconds");
        int requests = server.ledger().tokenRequests();
        await().until(() -> {
            job.tick();
            return fixture.session(last).failure().attempts() == 2
                    && fixture.session(slow).failure().attempts() == 2;
        });
        isNotClaimedAgain(last);
        assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 2);
        assertThat(List.of(early, late))
                .allSatisfy(id ->
                        assertThat(fixture.session(id).failure().attempts()).isOne());
        assertThat(fixture.session(tried).failure().attempts()).isEqualTo(2);
        server.asUsual();
        String well = failed("6.3 seconds", "5 seconds");
        awaitVersion(well, 2);
        assertThat(fixture.session(early).tokens().version()).isOne();
    }

    @Test
    @DisplayName("B3, L2: so it does, at most twice, with those whose replica died before it recorded a result")
    void anOpenBreakerLetsThroughWhatAKilledReplicaLeft() {
        RegistrationGuard guard = openBreaker("keyed", this::registerAtKeyed);
        String due = registerAtKeyed();
        fixture.update(due, "refresh_due_at = now() - interval '1 minute'");
        String early = leftBehind("3 seconds");
        String last = leftBehind("6.3 seconds");
        String late = leftBehind("8.1 seconds");
        int requests = server.ledger().tokenRequests();
        await().until(() -> {
            fixture.update(last, "refresh_due_at = now(), not_before = null");
            job.tick();
            return fixture.session(last).failure() != null
                    && fixture.session(last).failure().attempts() == 2;
        });
        isNotClaimedAgain(last);
        assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 2);
        assertThat(List.of(due, early, late))
                .allSatisfy(id -> assertThat(fixture.session(id).failure()).isNull());
    }

    private void isNotClaimedAgain(String id) {
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        String row = fixture.column(id, "xmin");
        job.tick();
        assertThat(fixture.column(id, "xmin")).as("not claimed again").isEqualTo(row);
    }

    private String registerAtKeyed() {
        return fixture.registerAtKeyed(server.issue("alice"));
    }

    private RegistrationGuard openBreaker(String registration, Supplier<String> session) {
        RegistrationGuard guard = guards.of(registrations.find(registration).orElseThrow());
        server.answerAlways(503, "", Map.of());
        for (int i = 0; i < 20; i++) {
            fixture.update(session.get(), "refresh_due_at = now()");
        }
        await().until(() -> {
            job.tick();
            return guard.breaker() == Breaker.OPEN;
        });
        return guard;
    }

    /** One that was claimed by a replica of which nothing more was heard. */
    private String leftBehind(String sentAgo) {
        String id = registerAtKeyed();
        fixture.update(
                id,
                "attempt_id = gen_random_uuid(), sent_version = rt_version, sent_at = now() - interval '" + sentAgo
                        + "', lease_until = now() - interval '10 seconds', refresh_due_at = now()");
        return id;
    }

    /** One of which nobody knows whether its refresh token was spent. */
    private String failed(String sentAgo, String failedAgo) {
        String id = fixture.registerAtNarrow(server.issue("alice"));
        fixture.update(
                id,
                "attempt_id = gen_random_uuid(), sent_version = rt_version, sent_at = now() - interval '" + sentAgo
                        + "', failures = 1, failure_code = 'http_504', failure_at = now() - interval '" + failedAgo
                        + "', refresh_due_at = now()");
        return id;
    }

    @Test
    @DisplayName("F5, D: a server slower than the lease answers somebody who has given up; another attempt goes on")
    void aServerSlowerThanTheLeaseCostsNothing() {
        String id = fixture.due(server);
        int spentTwice = server.ledger().spentTwice().size();
        Gate slow = server.holdNextBeforeSpending();
        job.tick();
        slow.awaitArrival();
        await().until(() -> fixture.session(id).failure() != null);
        assertThat(fixture.session(id).failure().code()).isEqualTo("timeout");
        awaitVersion(id, 2);
        slow.open();
        // Only now does the server work on the first request: its refresh token is the previous one by then.
        await().until(() -> server.ledger().spentTwice().size() > spentTwice);
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        awaitVersion(id, 3);
        assertThat(server.ledger().familiesRevokedForReuse()).isEmpty();
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    @DisplayName(
            "B3: while a request that was given up may be under way, nobody spends its successor: it would be second to last")
    void aForcedRefreshDoesNotMakeAnAbandonedRequestSecondToLast() {
        String id = fixture.due(server);
        server.dropNextAfterSpending();
        job.tick();
        awaitVersion(id, 2);
        int requests = server.ledger().tokenRequests();
        var forced = tokens.refresh(id, OptionalLong.empty()).toCompletableFuture();
        await().until(forced::isDone);
        assertThat(forced).isCompletedExceptionally();
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(read(id)).isEqualTo(2);
    }

    private String sentAgo(String ago) {
        String id = fixture.attemptedElsewhere(server, "null", "now() + interval '30 second'");
        fixture.update(id, "sent_at = now() - interval '" + ago + "'");
        return id;
    }

    private void awaitVersion(String id, long version) {
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(id).tokens().version()).isEqualTo(version);
        });
    }

    private long read(String id) {
        return tokens.read(id, Duration.ZERO).toCompletableFuture().join().version();
    }
}
