package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.store.RefreshClaims;
import dev.tokenkeep.session.store.RefreshResults;
import dev.tokenkeep.session.store.RefreshResults.Answer;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Attempts of several replicas at one session, staged step by step: each attempt here is another replica's. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class StoreFenceTest {

    private static final IdTokenVerifier.Kept NO_ID_TOKEN = new IdTokenVerifier.Kept(null, false, false);

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshClaims claims;

    @Inject
    RefreshResults results;

    @Inject
    TokenWriter batches;

    @Inject
    TokenSetFactory tokenSets;

    @Inject
    RefreshTimeouts timeouts;

    @Inject
    AccessTokenService reader;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void clear() {
        fixture.execute("delete from tokenkeep_session");
        fixture.execute("delete from tokenkeep_revocation");
    }

    @Test
    @DisplayName("F1: a reader waits for another replica and serves what that has stored, not what it had read before")
    void aReaderWaitsForAnotherReplicasAttemptAndServesWhatItStored() {
        String id = fixture.expired(server);
        ClaimedSession elsewhere = claim(id);
        int requests = server.ledger().tokenRequests();
        var read = CompletableFuture.supplyAsync(
                () -> reader.read(id, Duration.ZERO).toCompletableFuture().join());
        await().during(Duration.ofMillis(300)).until(() -> !read.isDone());
        assertThat(store(elsewhere, "at-elsewhere", "rt-elsewhere")).isEqualTo(RefreshOutcome.STORED);
        assertThat(read.join().value()).isEqualTo("at-elsewhere");
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    void aStoreWhoseAcknowledgementGotLostIsRecognised() {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        assertThat(store(attempt, "at-1", "rt-1")).isEqualTo(RefreshOutcome.STORED);
        assertThat(store(attempt, "at-1", "rt-1")).isEqualTo(RefreshOutcome.STORED);
        assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
        assertThat(revocations()).isEqualTo("0");
    }

    @Test
    void theSecondOfTwoAnswersToOneRefreshTokenIsDroppedAndRevokesNothing() {
        String id = fixture.expired(server);
        ClaimedSession stopped = claim(id);
        fixture.update(id, "lease_until = now() - interval '1 minute'");
        ClaimedSession takeover = claim(id);
        assertThat(takeover.spent().outcomeOpen()).isTrue();
        assertThat(store(takeover, "at-takeover", "rt-takeover")).isEqualTo(RefreshOutcome.STORED);
        assertThat(store(stopped, "at-stopped", "rt-stopped")).isEqualTo(RefreshOutcome.SUPERSEDED);
        assertThat(fixture.snapshot(id).access().token()).isEqualTo(Secret.of("at-takeover"));
        assertThat(revocations()).isEqualTo("0");
    }

    @Test
    void anAnswerWhoseLeaseRanOutIsStoredAllTheSame() {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        fixture.update(id, "lease_until = now() - interval '1 minute'");
        assertThat(store(attempt, "at-late", "rt-late")).isEqualTo(RefreshOutcome.STORED);
        assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
    }

    @Test
    void anEndThatAnotherAttemptOvertookEndsNothing() {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        store(attempt, "at-1", "rt-1");
        boolean ended = results.end(
                attempt,
                SessionStatus.REAUTHENTICATION_REQUIRED,
                "invalid_grant",
                attempt.attempt().claimedAt());
        assertThat(ended).isFalse();
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    @DisplayName("A4, F6: an answer without a refresh token keeps the old one")
    void anAnswerWithoutARefreshTokenKeepsTheOldOne() {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        results.store(new Answer(
                attempt,
                tokens(attempt, Secret.of("at-only"), null),
                true,
                attempt.attempt().claimedAt()));
        fixture.update(id, "refresh_due_at = now()");
        assertThat(claim(id).spent().refreshToken()).isEqualTo(attempt.spent().refreshToken());
        assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
    }

    @Test
    @DisplayName("E: an access token's lifetime counts from the request's start")
    void theLifetimeCountsFromTheRequestsStart() {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        var response = new TokenResponse(
                Secret.of("at"),
                "Bearer",
                AccessTokenExpiry.in(Duration.ofMinutes(1)),
                Secret.of("rt"),
                null,
                null,
                null);
        long fiveSecondsAfterTheClaim =
                attempt.attempt().claimedNanos() + Duration.ofSeconds(5).toNanos();
        TokenSet tokens = tokenSets.refreshed(
                new ClaimedRefresh(attempt, fixture.registration()),
                response,
                NO_ID_TOKEN,
                fiveSecondsAfterTheClaim,
                attempt.attempt().claimedAt().plusSeconds(9));
        assertThat(tokens.access().expiresAt())
                .isEqualTo(attempt.attempt().claimedAt().plusSeconds(65));
    }

    @Test
    @DisplayName("E: where an answer tells no lifetime, the one that was told last counts")
    void theLifetimeThatWasToldLastCounts() {
        String id = fixture.due(server);
        for (int i = 0; i < 2; i++) {
            ClaimedSession attempt = claim(id);
            Duration told = attempt.before().toldLifetime();
            assertThat(told)
                    .isNotNull()
                    .isNotEqualTo(fixture.registration().accessTokens().defaultExpiresIn());
            var untold = new TokenResponse(
                    Secret.of("at-" + i), "Bearer", AccessTokenExpiry.UNTOLD, Secret.of("rt-" + i), null, null, null);
            TokenSet tokens = tokenSets.refreshed(
                    new ClaimedRefresh(attempt, fixture.registration()),
                    untold,
                    NO_ID_TOKEN,
                    attempt.attempt().claimedNanos(),
                    attempt.attempt().claimedAt());
            assertThat(tokens.access().expiresAt())
                    .isEqualTo(attempt.attempt().claimedAt().plus(told));
            results.store(new Answer(attempt, tokens, true, attempt.attempt().claimedAt()));
            fixture.update(id, "refresh_due_at = now()");
        }
    }

    @Test
    @DisplayName("F2: a newer access token beside the same refresh token leaves an attempt under way its answer")
    void aNewerAccessTokenDoesNotOrphanAnAnswer() {
        IssuedTokens issued = server.issue("alice");
        String id = fixture.register(issued);
        fixture.update(id, "refresh_due_at = now()");
        ClaimedSession attempt = claim(id);
        fixture.replace(
                id,
                "{\"access_token\":\"at-newer\",\"expires_at\":\""
                        + Instant.now().plusSeconds(7200) + "\",\"refresh_token\":\"" + issued.refreshToken() + "\"}");
        assertThat(fixture.snapshot(id).access().token()).isEqualTo(Secret.of("at-newer"));
        assertThat(store(attempt, "at-1", "rt-1")).isEqualTo(RefreshOutcome.STORED);
        assertThat(fixture.snapshot(id).access().token()).isEqualTo(Secret.of("at-1"));
    }

    @Test
    @DisplayName("A14: an ID token that can't be believed is taken back, unless another one has come since")
    void takesBackOnlyTheIdTokenThatTheAttemptBrought() {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        store(attempt, "at-1", "rt-1");
        fixture.update(id, "id_token = refresh_token");
        results.takeBackIdToken(attempt);
        assertThat(fixture.column(id, "id_token is null")).isEqualTo("t");
        assertThat(fixture.snapshot(id).access().token()).isEqualTo(Secret.of("at-1"));
        ClaimedSession next = claim(id);
        assertThat(next.spent().refreshToken()).isEqualTo(Secret.of("rt-1"));
        store(next, "at-2", "rt-2");
        fixture.update(id, "id_token = refresh_token");
        results.takeBackIdToken(attempt);
        assertThat(fixture.column(id, "id_token is not null")).isEqualTo("t");
    }

    @Test
    @DisplayName("F5: a store waits for whoever holds the row, and then sees what has become of it")
    void aStoreWaitsForWhoeverHoldsTheRow() throws SQLException {
        String id = fixture.due(server);
        ClaimedSession attempt = claim(id);
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("update tokenkeep_session set status = 'REMOVED' where id = '" + id + "'");
            var store = CompletableFuture.supplyAsync(() -> store(attempt, "at-1", "rt-1"));
            await().during(Duration.ofMillis(500)).until(() -> !store.isDone());
            other.commit();
            assertThat(store.join()).isEqualTo(RefreshOutcome.ORPHANED);
        }
        assertThat(fixture.column(id, "status")).isEqualTo("REMOVED");
    }

    @Test
    void answersThatAreStoredTogetherEndAsEachWouldAlone() {
        ClaimedSession stored = claim(fixture.due(server));
        String goneId = fixture.due(server);
        ClaimedSession gone = claim(goneId);
        fixture.execute("delete from tokenkeep_session where id = '" + goneId + "'");
        String twiceId = fixture.expired(server);
        ClaimedSession stopped = claim(twiceId);
        fixture.update(twiceId, "lease_until = now() - interval '1 minute'");
        ClaimedSession takeover = claim(twiceId);
        assertThat(results.storeAll(List.of(
                        answer(takeover, "at-takeover", "rt-takeover"),
                        answer(gone, "at-gone", "rt-gone"),
                        answer(stopped, "at-stopped", "rt-stopped"),
                        answer(stored, "at-1", "rt-1"))))
                .containsExactly(
                        RefreshOutcome.STORED,
                        RefreshOutcome.ORPHANED,
                        RefreshOutcome.SUPERSEDED,
                        RefreshOutcome.STORED);
        assertThat(fixture.snapshot(stored.id()).access().token()).isEqualTo(Secret.of("at-1"));
        assertThat(fixture.snapshot(twiceId).access().token()).isEqualTo(Secret.of("at-takeover"));
        assertThat(revocations()).isEqualTo("1");
    }

    @Test
    void answersThatTheDatabaseDoesNotTakeTogetherAreAllStoredTwoOfOneRefreshTokenToo() throws SQLException {
        List<ClaimedSession> attempts =
                IntStream.range(0, 50).mapToObj(i -> claim(fixture.due(server))).toList();
        List<ClaimedSession> first = attempts.subList(48, 50);
        var stored = new ArrayList<CompletableFuture<RefreshOutcome>>();
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            // One after the other, lest they are stored together: as many as may be stored at once are stuck.
            for (int i = 0; i < first.size(); i++) {
                ClaimedSession attempt = first.get(i);
                other.createStatement()
                        .execute("select 1 from tokenkeep_session where id = '" + attempt.id() + "' for update");
                stored.add(CompletableFuture.supplyAsync(
                                () -> batches.store(answer(attempt, "at-" + attempt.id(), token(attempts, attempt))))
                        .thenCompose(answer -> answer));
                fixture.awaitLockWaits(i + 1);
            }
            // They come while others are being stored, and so go together after them.
            for (ClaimedSession attempt : attempts.subList(0, 48)) {
                stored.add(batches.store(answer(attempt, "at-" + attempt.id(), token(attempts, attempt)))
                        .toCompletableFuture());
            }
            assertThat(stored).noneMatch(CompletableFuture::isDone);
            other.commit();
        }
        assertThat(stored).allSatisfy(one -> assertThat(one.join()).isEqualTo(RefreshOutcome.STORED));
        assertThat(attempts)
                .allSatisfy(attempt -> assertThat(
                                fixture.snapshot(attempt.id()).access().token())
                        .isEqualTo(Secret.of("at-" + attempt.id())));
        assertThat(fixture.select("select count(*) from tokenkeep_session where current_fingerprint is null"))
                .isEqualTo("1");
    }

    /** The first two have been given the same one. */
    private static String token(List<ClaimedSession> attempts, ClaimedSession attempt) {
        return "rt-" + (attempt == attempts.get(1) ? attempts.get(0) : attempt).id();
    }

    private ClaimedSession claim(String id) {
        return claims.one(id, ClaimCondition.any(false), timeouts.claimTerms(fixture.registration()))
                .orElseThrow();
    }

    private RefreshOutcome store(ClaimedSession attempt, String accessToken, String refreshToken) {
        return results.store(answer(attempt, accessToken, refreshToken));
    }

    private Answer answer(ClaimedSession attempt, String accessToken, String refreshToken) {
        return new Answer(
                attempt,
                tokens(attempt, Secret.of(accessToken), Secret.of(refreshToken)),
                true,
                attempt.attempt().claimedAt());
    }

    private TokenSet tokens(ClaimedSession attempt, Secret accessToken, Secret refreshToken) {
        var response = new TokenResponse(
                accessToken, "Bearer", AccessTokenExpiry.in(Duration.ofMinutes(1)), refreshToken, null, null, null);
        return tokenSets.refreshed(
                new ClaimedRefresh(attempt, fixture.registration()),
                response,
                NO_ID_TOKEN,
                attempt.attempt().claimedNanos(),
                attempt.attempt().claimedAt());
    }

    private String revocations() {
        return fixture.select("select count(*) from tokenkeep_revocation");
    }
}
