package dev.tokenkeep.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.budget.Pauses;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules of one refresh, each staged with gates, against a strict authorization server. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class OneRefreshTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @Inject
    AccessTokenService tokens;

    @Inject
    SessionService sessions;

    @Inject
    Pauses pauses;

    @AfterEach
    void asUsual() {
        server.up();
        server.asUsual();
        // What a test leaves due must not be refreshed by the next one's job.
        fixture.execute("delete from tokenkeep_session");
        fixture.execute("delete from tokenkeep_pause");
        fixture.execute("delete from tokenkeep_revocation");
    }

    @Test
    void theJobRefreshesWhatIsDueAndNothingElse() {
        String due = fixture.due(server);
        String notDue = fixture.register(server.issue("bob"));
        job.tick();
        awaitVersion(due, 2);
        assertThat(server.isActive(fixture.snapshot(due).access().token().reveal()))
                .isTrue();
        assertThat(fixture.session(notDue).tokens().version()).isEqualTo(1);
    }

    @Test
    void aReadAnswersAStoredTokenWithoutAskingOrWritingAnything() {
        IssuedTokens tokens = server.issue("alice");
        String id = fixture.register(tokens);
        String row = fixture.column(id, "xmin");
        int requests = server.ledger().tokenRequests();
        AccessToken token = read(id);
        assertThat(token.value()).isEqualTo(tokens.accessToken());
        assertThat(token.expiresIn()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(fixture.column(id, "xmin")).isEqualTo(row);
    }

    @Test
    void aReadOfAnExpiredTokenRefreshesIt() {
        String id = fixture.expired(server);
        AccessToken token = read(id);
        assertThat(server.isActive(token.value())).isTrue();
        assertThat(token.version()).isEqualTo(2);
    }

    @Test
    @DisplayName("A12, F1: fifty readers of an expired token share one refresh")
    void fiftyReadersOfAnExpiredTokenShareOneRefresh() {
        String id = fixture.expired(server);
        int requests = server.ledger().tokenRequests();
        var reads = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> read(id)))
                .toList();
        assertThat(reads).allSatisfy(read -> assertThat(read.join().version()).isEqualTo(2));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
    }

    @Test
    @DisplayName("E: a token whose own exp is nearer than what is told of it is served to its own end")
    void servesATokenNoLongerThanItSays() {
        String id = fixture.expired(server);
        IssuedTokens next = server.issue("alice");
        String claims = "{\"exp\":" + (System.currentTimeMillis() / 1000 + 20) + "}";
        String jwt = "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
        server.answerNext(200, next.json().replace(next.accessToken(), jwt));
        AccessToken token = read(id);
        assertThat(token.value()).isEqualTo(jwt);
        assertThat(token.expiresIn()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("E: no min_ttl makes every read refresh")
    void noMinTtlMakesEveryReadRefresh() {
        String id = fixture.register(server.issue("alice"));
        int requests = server.ledger().tokenRequests();
        for (int i = 0; i < 5; i++) {
            tokens.read(id, Duration.ofDays(365)).toCompletableFuture().join();
        }
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    @DisplayName("F5: the intent is committed before the first byte is sent")
    void theIntentIsCommittedBeforeTheFirstByte() {
        String id = fixture.due(server);
        Gate gate = server.holdNextBeforeSpending();
        job.tick();
        gate.awaitArrival();
        assertThat(fixture.column(id, "sent_version = rt_version and lease_until > now() and attempt_id is not null"))
                .isEqualTo("t");
        gate.open();
        awaitVersion(id, 2);
        assertThat(fixture.column(id, "sent_version is null and lease_until is null"))
                .isEqualTo("t");
    }

    @Test
    @DisplayName("F4: whoever does not get the lease sends nothing")
    void aSessionUnderWayIsNotClaimedTwice() {
        String id = fixture.due(server);
        Gate gate = server.holdNextBeforeSpending();
        int requests = server.ledger().tokenRequests();
        job.tick();
        gate.awaitArrival();
        job.tick();
        gate.open();
        awaitVersion(id, 2);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
    }

    @Test
    @DisplayName("F9: a reader of a valid token is not held up by a refresh")
    void aReaderOfAValidTokenIsNotHeldUpByARefresh() {
        String id = fixture.due(server);
        Gate gate = server.holdNextBeforeSpending();
        job.tick();
        gate.awaitArrival();
        assertThat(read(id).version()).isEqualTo(1);
        gate.open();
        awaitVersion(id, 2);
    }

    @Test
    @DisplayName("F5: a timeout frees the reader, and the answer is taken all the same")
    void aTimeoutFreesTheReaderAndTheAnswerIsTakenAllTheSame() {
        String id = fixture.expired(server);
        Gate gate = server.holdNextAnswer();
        assertThatThrownBy(() -> read(id)).isInstanceOf(TokenUnavailableException.class);
        gate.open();
        awaitVersion(id, 2);
        assertThat(server.isActive(read(id).value())).isTrue();
    }

    @Test
    @DisplayName("D: strict: an unknown outcome is not tried again while the access token lives")
    void anUnknownOutcomeUnderStrictRotationIsNotTriedAgainWhileTheTokenLives() {
        String id = fixture.due(server);
        server.dropNextAfterSpending();
        job.tick();
        await().until(() -> fixture.session(id).failure() != null);
        Session session = fixture.session(id);
        assertThat(session.status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(session.failure().code()).isEqualTo("connection_lost");
        assertThat(session.times().refreshDueAt()).isEqualTo(session.tokens().accessTokenExpiresAt());
        int requests = server.ledger().tokenRequests();
        assertThat(tokens.read(id, Duration.ofMinutes(5))
                        .toCompletableFuture()
                        .join()
                        .version())
                .isEqualTo(1);
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        job.tick();
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    @DisplayName("D: strict: the last chance after an unknown outcome ends the session with that cause")
    void theLastChanceAfterAnUnknownOutcomeEndsTheSessionWithThatCause() {
        String id = fixture.due(server);
        server.dropNextAfterSpending();
        job.tick();
        await().until(() -> fixture.session(id).failure() != null);
        fixture.update(id, "access_token_expires_at = now(), refresh_due_at = now(), not_before = null");
        job.tick();
        await().until(() -> fixture.session(id).status() == SessionStatus.REAUTHENTICATION_REQUIRED);
        assertThat(fixture.session(id).failure().code()).isEqualTo("outcome_unknown");
        assertThatThrownBy(() -> read(id)).isInstanceOf(ReauthenticationRequiredException.class);
    }

    @Test
    @DisplayName("F2: a crashed attempt is left alone for one more lease")
    void aCrashedAttemptIsLeftAloneForOneMoreLease() {
        String crashed = fixture.attemptedElsewhere(server, "now() - interval '1 second'", "now()");
        String longAgo = fixture.attemptedElsewhere(server, "now() - interval '8 second'", "now()");
        job.tick();
        awaitVersion(longAgo, 2);
        assertThat(fixture.session(crashed).tokens().version()).isEqualTo(1);
    }

    @Test
    void aCrashedAttemptUnderStrictRotationWaitsForTheTokensDeath() {
        String living =
                fixture.attemptedElsewhere(server, "now() - interval '1 minute'", "now() + interval '30 second'");
        String dead = fixture.attemptedElsewhere(server, "now() - interval '1 minute'", "now()");
        job.tick();
        awaitVersion(dead, 2);
        assertThat(fixture.session(living).tokens().version()).isEqualTo(1);
        assertThat(read(living).version()).isEqualTo(1);
    }

    @Test
    void aSessionRemovedDuringItsRefreshStaysRemovedAndWhatCameBackIsRevoked() {
        String id = fixture.due(server);
        Gate gate = server.holdNextAnswer();
        job.tick();
        gate.awaitArrival();
        sessions.remove(id);
        assertThatThrownBy(() -> read(id)).isInstanceOf(SessionNotFoundException.class);
        gate.open();
        await().until(() ->
                fixture.select("select count(*) from tokenkeep_revocation").equals("2"));
        assertThat(fixture.column(id, "status")).isEqualTo("REMOVED");
    }

    @Test
    @DisplayName("B5: a new sign-in during a refresh wins, and what it supersedes is revoked")
    void tokensPutDuringARefreshWinAndWhatCameBackIsRevoked() {
        String id = fixture.due(server);
        Gate gate = server.holdNextAnswer();
        job.tick();
        gate.awaitArrival();
        IssuedTokens signedInAgain = server.issue("alice");
        fixture.replace(id, signedInAgain);
        gate.open();
        await().until(() ->
                fixture.select("select count(*) from tokenkeep_revocation").equals("2"));
        assertThat(read(id).value()).isEqualTo(signedInAgain.accessToken());
        fixture.update(id, "refresh_due_at = now()");
        job.tick();
        awaitVersion(id, 3);
        assertThat(server.ledger().timesSpent(signedInAgain.refreshToken())).isOne();
    }

    @Test
    @DisplayName("D: before a session is ended its row is read again: new tokens win")
    void aRefusalThatLostToNewTokensEndsNothing() {
        String id = fixture.due(server);
        Gate gate = server.holdNextAndAnswer(400, "{\"error\":\"invalid_grant\"}");
        job.tick();
        gate.awaitArrival();
        fixture.replace(id, server.issue("alice"));
        gate.open();
        await().until(() -> fixture.column(id, "lease_until is null").equals("t"));
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(read(id).version()).isEqualTo(2);
    }

    @Test
    @DisplayName("D: a refusal while another attempt holds the session ends nothing")
    void aRefusalWhileAnotherAttemptHoldsTheSessionEndsNothing() {
        String id = fixture.due(server);
        Gate gate = server.holdNextAndAnswer(400, "{\"error\":\"invalid_grant\"}");
        job.tick();
        gate.awaitArrival();
        fixture.update(id, "attempt_id = gen_random_uuid(), lease_until = now() + interval '1 minute'");
        gate.open();
        await().during(Duration.ofMillis(500)).until(() -> fixture.session(id).status() == SessionStatus.ACTIVE);
        assertThat(fixture.session(id).failure()).isNull();
    }

    @Test
    @DisplayName("D: a late success revives a session that was marked dead, and is proven before it is served")
    void aLateSuccessRevivesASessionThatWasMarkedDeadButIsProvenBeforeItIsServed() {
        String id = fixture.due(server);
        Gate gate = server.holdNextAnswer();
        job.tick();
        gate.awaitArrival();
        // Another attempt at the same refresh token was refused meanwhile, since this one has spent it.
        fixture.update(
                id,
                "status = 'REAUTHENTICATION_REQUIRED', failure_code = 'invalid_grant', failure_at = now(), failures = 1");
        gate.open();
        await().until(() -> fixture.session(id).tokens().version() == 2);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(fixture.snapshot(id).access().token()).isNull();
        assertThat(read(id).version()).isEqualTo(3);
    }

    @Test
    void aQuarantinedSessionIsNotRevivedByALateSuccess() {
        String id = fixture.due(server);
        Gate gate = server.holdNextAnswer();
        job.tick();
        gate.awaitArrival();
        fixture.update(id, "status = 'QUARANTINED'");
        gate.open();
        await().until(() ->
                fixture.select("select count(*) from tokenkeep_revocation").equals("1"));
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.QUARANTINED);
        assertThatThrownBy(() -> read(id)).isInstanceOf(ReauthenticationRequiredException.class);
    }

    @Test
    @DisplayName("F5: an answer that the database refuses is held and stored later")
    void anAnswerThatTheDatabaseRefusesIsHeldAndStoredLater() {
        String id = fixture.due(server);
        fixture.execute("""
                create or replace function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'no'; end $$""");
        fixture.execute("create trigger refuse before update on tokenkeep_session for each row"
                + " when (new.rt_version > old.rt_version) execute function refuse()");
        int requests = server.ledger().tokenRequests();
        try {
            job.tick();
            await().until(() -> server.ledger().tokenRequests() == requests + 1);
            await().during(Duration.ofMillis(700))
                    .until(() -> fixture.session(id).tokens().version() == 1);
            job.tick();
        } finally {
            fixture.execute("drop trigger refuse on tokenkeep_session");
        }
        awaitVersion(id, 2);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
        assertThat(server.isActive(read(id).value())).isTrue();
    }

    @Test
    @DisplayName("E: while the server is down a valid token is served, and an expired one comes back by itself")
    void whileTheServerIsDownAValidTokenIsServedAndAnExpiredOneComesBackByItself() {
        String valid = fixture.due(server);
        String expired = fixture.expired(server);
        server.down();
        awaitRefusedConnections();
        job.tick();
        assertThat(read(valid).version()).isEqualTo(1);
        assertThatThrownBy(() -> read(expired))
                .isInstanceOfSatisfying(
                        TokenUnavailableException.class,
                        e -> assertThat(e.retryAfter()).isPositive());
        server.up();
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(expired).tokens().version()).isEqualTo(2);
            assertThat(fixture.session(valid).tokens().version()).isEqualTo(2);
        });
        assertThat(fixture.session(expired).failure()).isNull();
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    /** A request on a connection that is just breaking may have arrived: what follows is another rule (CONFORMANCE D). */
    private void awaitRefusedConnections() {
        String probe = fixture.expired(server);
        await().until(() -> {
            assertThatThrownBy(() -> read(probe)).isInstanceOf(TokenUnavailableException.class);
            return "connection_refused".equals(fixture.column(probe, "failure_code"));
        });
        fixture.execute("delete from tokenkeep_session where id = '" + probe + "'");
    }

    @Test
    void aRefusedClientPausesTheRegistrationAndKeepsEverySession() {
        String id = fixture.due(server);
        fixture.due(server);
        fixture.due(server);
        server.answerAlways(401, "{\"error\":\"invalid_client\"}", Map.of());
        job.tick();
        await().until(() -> fixture.select("select count(*) from tokenkeep_session where failures > 0")
                .equals("3"));
        await().until(() -> fixture.select("select reason from tokenkeep_pause").equals("invalid_client"));
        server.asUsual();
        int requests = server.ledger().tokenRequests();
        job.tick();
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(read(id).version()).isEqualTo(1);
        fixture.execute("delete from tokenkeep_pause");
        job.tick();
        awaitVersion(id, 2);
    }

    @Test
    @DisplayName("A12: fifty forced refreshes of one version cause one")
    void fiftyForcedRefreshesOfOneVersionCauseOne() {
        String id = fixture.register(server.issue("alice"));
        int requests = server.ledger().tokenRequests();
        var refreshes = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> tokens.refresh(id, OptionalLong.of(1))
                        .toCompletableFuture()
                        .join()))
                .toList();
        assertThat(refreshes)
                .allSatisfy(
                        refresh -> assertThat(refresh.join().tokens().version()).isEqualTo(2));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
    }

    @Test
    void aForcedRefreshJoinsOnlyOneThatStartedAfterIt() {
        String id = fixture.due(server);
        Gate gate = server.holdNextBeforeSpending();
        job.tick();
        gate.awaitArrival();
        var forced = tokens.refresh(id, OptionalLong.empty()).toCompletableFuture();
        var forcedToo = tokens.refresh(id, OptionalLong.empty()).toCompletableFuture();
        gate.open();
        assertThat(forced.join().tokens().version()).isEqualTo(3);
        assertThat(forcedToo.join().tokens().version()).isEqualTo(3);
    }

    @Test
    void theSameRefreshTokenRegisteredTwiceIsOneSession() {
        IssuedTokens tokens = server.issue("alice");
        String id = fixture.register(tokens);
        assertThatThrownBy(() -> fixture.register(tokens)).isInstanceOf(ClassCastException.class);
        fixture.update(id, "refresh_due_at = now()");
        job.tick();
        awaitVersion(id, 2);
        assertThatThrownBy(() -> fixture.register(tokens)).isInstanceOf(ClassCastException.class);
        assertThat(fixture.select("select count(*) from tokenkeep_session")).isEqualTo("1");
    }

    @Test
    void noMoreSessionsAreClaimedThanCanBeSentAtOnce() {
        for (int i = 0; i < 5; i++) {
            fixture.update(fixture.registerAtNarrow(server.issue("alice")), "refresh_due_at = now()");
        }
        Gate first = server.holdNextBeforeSpending();
        Gate second = server.holdNextBeforeSpending();
        job.tick();
        first.awaitArrival();
        second.awaitArrival();
        assertThat(fixture.select("select count(*) from tokenkeep_session where lease_until is not null"))
                .isEqualTo("2");
        first.open();
        second.open();
        await().until(() -> fixture.select("select count(*) from tokenkeep_session where rt_version = 2")
                .equals("5"));
    }

    @Test
    void aChangedCredentialEndsAPause() {
        String id = fixture.due(server);
        pauses.pause("test", Secret.of("the old credential"), "invalid_client", Duration.ofHours(1));
        job.tick();
        awaitVersion(id, 2);
    }

    /** The job looks again and again, as it does in life: a claim that comes too late to be sent is simply let go. */
    private void awaitVersion(String id, long version) {
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(id).tokens().version()).isEqualTo(version);
        });
    }

    private AccessToken read(String id) {
        try {
            return tokens.read(id, Duration.ZERO).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
