package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.operations.RegistrationStatusService;
import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from each class of refusal (CONFORMANCE D). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RefusalsTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @Inject
    AccessTokenService tokens;

    @Inject
    RegistrationStatusService registrations;

    @Inject
    EndedSessions ended;

    @Inject
    SessionService sessions;

    @AfterEach
    void asUsual() {
        server.asUsual();
        fixture.execute("delete from tokenkeep_session");
        registrations.resume("test");
        fixture.execute("delete from tokenkeep_revocation");
    }

    @ParameterizedTest
    @DisplayName("D: a dead grant ends the session, once, with one event. F8: it is never tried again")
    @ValueSource(strings = {"invalid_grant", "bad_refresh_token"})
    void aDeadGrantEndsTheSession(String error) {
        String id = refusedBy(403, error);
        await().until(() -> fixture.session(id).status() == SessionStatus.REAUTHENTICATION_REQUIRED);
        assertThat(fixture.session(id).failure().code()).isEqualTo(error);
        assertThat(ended.of(id))
                .singleElement()
                .satisfies(event -> assertThat(event.code()).isEqualTo(error));
        nothingIsSentFor(id);
        isServedToItsEnd(id, SessionStatus.REAUTHENTICATION_REQUIRED, ReauthenticationRequiredException.class);
    }

    /** The authorization server says nothing of the access token: whoever gets it decides. */
    private void isServedToItsEnd(String id, SessionStatus status, Class<? extends RuntimeException> over) {
        AccessToken served =
                tokens.read(id, Duration.ofMinutes(1)).toCompletableFuture().join();
        assertThat(served.status()).isEqualTo(status);
        assertThat(served.version()).isEqualTo(1);
        fixture.update(id, "access_token_expires_at = now() - interval '1 second'");
        await().untilAsserted(() -> assertThatThrownBy(() -> read(id)).isInstanceOf(over));
    }

    @Test
    @DisplayName("D: where the refresh token may have been used twice, its access token is served no more")
    void nothingIsServedWhereTheRefreshTokenMayHaveBeenUsedTwice() {
        IssuedTokens issued = server.issue("alice");
        String id = fixture.register(issued);
        fixture.update(
                id,
                "refresh_due_at = now(), attempt_id = gen_random_uuid(), sent_version = rt_version,"
                        + " lease_until = now() - interval '1 minute'");
        fixture.update(id, "sent_at = now() - interval '1 hour', access_token_expires_at = now()");
        server.answerAlways(400, "{\"error\":\"invalid_grant\"}", Map.of());
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.REAUTHENTICATION_REQUIRED);
        });
        assertThat(fixture.session(id).failure().code()).isEqualTo("outcome_unknown");
        fixture.update(id, "access_token_expires_at = now() + interval '1 hour'");
        assertThatThrownBy(() -> read(id)).isInstanceOf(ReauthenticationRequiredException.class);
        // Nor where the same one is brought again, and refused again.
        fixture.replace(id, issued);
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.REAUTHENTICATION_REQUIRED);
        });
        assertThat(fixture.session(id).failure().code()).isEqualTo("outcome_unknown");
        assertThatThrownBy(() -> read(id)).isInstanceOf(ReauthenticationRequiredException.class);
    }

    @ParameterizedTest
    @DisplayName("D: a wrong request backs off and ends nothing")
    @ValueSource(strings = {"invalid_scope", "invalid_target", "invalid_request", "something_new"})
    void aWrongRequestEndsNothing(String error) {
        String id = refusedBy(400, error);
        awaitFailure(id, error);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(fixture.column(id, "not_before > failure_at")).isEqualTo("t");
        assertThat(read(id)).isEqualTo(1);
        assertThat(registrations.all())
                .allSatisfy(state -> assertThat(state.pause()).isNull());
        goesOn(id);
    }

    @ParameterizedTest
    @DisplayName(
            "D, F7: a registration of which several sessions in a row are refused is paused, in the database, and every"
                    + " session kept until an operator ends it")
    @ValueSource(strings = {"invalid_client", "unauthorized_client", "unsupported_grant_type"})
    void aWrongRegistrationIsPausedAndEverySessionKept(String error) {
        String id = fixture.due(server);
        fixture.due(server);
        refusedBy(401, error);
        await().until(() -> paused() == 1);
        awaitFailure(id, error);
        String other = fixture.due(server);
        nothingIsSentFor(id);
        assertThat(fixture.session(other).failure()).isNull();
        assertThat(read(id)).isEqualTo(1);
        assertThat(fixture.select("select reason from tokenkeep_pause where registration = 'test'"))
                .isEqualTo(error);
        registrations.resume("test");
        server.asUsual();
        job.tick();
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.select("select count(*) from tokenkeep_session where rt_version = 2"))
                    .isEqualTo("4");
        });
    }

    @Test
    @DisplayName("D: a reader of an expired token learns that its registration is paused, and for how long")
    void aReaderLearnsOfThePause() {
        server.answerAlways(401, "{\"error\":\"invalid_client\"}", Map.of());
        for (int i = 0; i < 2; i++) {
            String alone = fixture.expired(server);
            assertThatThrownBy(() -> read(alone))
                    .isInstanceOfSatisfying(
                            TokenUnavailableException.class,
                            unavailable -> assertThat(unavailable.reason())
                                    .isEqualTo(TokenUnavailableException.Reason.AUTHORIZATION_SERVER_UNAVAILABLE));
        }
        String id = fixture.expired(server);
        assertThatThrownBy(() -> read(id)).isInstanceOfSatisfying(TokenUnavailableException.class, unavailable -> {
            assertThat(unavailable.reason()).isEqualTo(TokenUnavailableException.Reason.REGISTRATION_PAUSED);
            assertThat(unavailable.retryAfter()).isGreaterThan(Duration.ofMinutes(4));
        });
    }

    @ParameterizedTest
    @DisplayName(
            "D, B8: one refused session backs off alone, whatever the code and however often; three in a row are the"
                    + " registration's fault")
    @ValueSource(strings = {"access_denied", "unauthorized_client", "invalid_client", "too_many_requests"})
    void oneRefusedSessionBacksOffAloneAndSeveralPauseTheRegistration(String error) {
        server.answerAlways(403, "{\"error\":\"" + error + "\"}", Map.of());
        String first = fixture.due(server);
        job.tick();
        awaitFailure(first, error);
        for (int i = 2; i < 5; i++) {
            fixture.update(first, "refresh_due_at = now(), not_before = null");
            job.tick();
            long failures = i;
            await().until(() -> fixture.session(first).failure().attempts() == failures);
        }
        assertThat(pauses()).isZero();
        String second = fixture.due(server);
        job.tick();
        awaitFailure(second, error);
        assertThat(pauses()).isZero();
        String third = fixture.due(server);
        job.tick();
        awaitFailure(third, error);
        // That of a server that throttles and does not say for how long is a short one.
        await().until(() -> pauses() == 1);
        assertThat(fixture.session(first).status()).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    @DisplayName("L3: a pause that is over is probed with one session, and goes on if that is refused again")
    void aPauseThatIsOverIsProbedWithOneSession() {
        server.answerAlways(401, "{\"error\":\"invalid_client\"}", Map.of());
        for (int i = 0; i < 5; i++) {
            fixture.due(server);
        }
        job.tick();
        await().until(() -> fixture.select("select count(*) from tokenkeep_session where failures = 1")
                .equals("5"));
        await().until(() -> paused() == 1);
        int requests = server.ledger().tokenRequests();
        fixture.execute("delete from tokenkeep_pause");
        fixture.execute("update tokenkeep_session set refresh_due_at = now(), not_before = null");
        job.tick();
        await().until(() -> paused() == 1);
        job.tick();
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
        server.asUsual();
        fixture.execute("delete from tokenkeep_pause");
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.select("select count(*) from tokenkeep_session where rt_version = 2"))
                    .isEqualTo("5");
        });
    }

    @Test
    @DisplayName("D: a success between denied sessions shows that the registration is fine")
    void aSuccessBetweenDeniedSessionsClearsTheRegistration() {
        for (int i = 0; i < 4; i++) {
            server.answerNext(403, "{\"error\":\"access_denied\"}");
            String denied = fixture.due(server);
            job.tick();
            awaitFailure(denied, "access_denied");
            fixture.update(denied, "refresh_due_at = now() + interval '1 hour'");
            String fine = fixture.due(server);
            job.tick();
            await().until(() -> fixture.session(fine).tokens().version() == 2);
        }
        assertThat(paused()).isZero();
    }

    @ParameterizedTest
    @DisplayName("D, B7: where the user must act the refresh token is kept, and a forced refresh that succeeds goes on")
    @ValueSource(strings = {"mfa_required", "interaction_required", "consent_required", "login_required"})
    void theUserMustActAndTheRefreshTokenIsKept(String error) {
        String id = fixture.due(server);
        server.answerNext(403, "{\"error\":\"" + error + "\",\"mfa_token\":\"mfa-geheim\"}");
        job.tick();
        await().until(() -> fixture.session(id).status() == SessionStatus.USER_ACTION_REQUIRED);
        nothingIsSentFor(id);
        isServedToItsEnd(id, SessionStatus.USER_ACTION_REQUIRED, UserActionRequiredException.class);
        assertThat(fixture.select("select t::text from tokenkeep_session t")).doesNotContain("mfa-geheim");
        assertThat(tokens.refresh(id, OptionalLong.empty())
                        .toCompletableFuture()
                        .join()
                        .status())
                .isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    @DisplayName(
            "B6: the Retry-After of a server that throttles several sessions pauses the registration, and it goes on by itself")
    void throttlingPausesTheRegistration() {
        server.answerAlways(429, "{\"error\":\"too_many_requests\"}", Map.of("Retry-After", "2"));
        String id = fixture.due(server);
        fixture.due(server);
        fixture.due(server);
        job.tick();
        await().until(() -> paused() == 1);
        awaitFailure(id, "too_many_requests");
        String other = fixture.due(server);
        nothingIsSentFor(other);
        server.asUsual();
        await().untilAsserted(() -> {
            job.tick();
            assertThat(fixture.session(id).tokens().version()).isEqualTo(2);
            assertThat(fixture.session(other).tokens().version()).isEqualTo(2);
        });
    }

    @Test
    @DisplayName("B9: a token for another audience is not served, its refresh token is kept, and it does not loop")
    void aTokenForAnotherAudienceIsNotServed() {
        String id = fixture.registerAtKeyed(server.issue("alice"));
        fixture.update(id, "access_token_expires_at = now() - interval '1 second', refresh_due_at = now()");
        IssuedTokens next = server.issue("alice");
        // {"aud":"https://default.example"}
        server.answerAlways(200, """
                {"access_token":"e30.eyJhdWQiOiJodHRwczovL2RlZmF1bHQuZXhhbXBsZSJ9.c2ln","token_type":"Bearer",
                "expires_in":60,"refresh_token":"%s"}""".formatted(next.refreshToken()), Map.of());
        assertThatThrownBy(() -> read(id)).isInstanceOf(TokenUnavailableException.class);
        assertThat(fixture.session(id).failure().code()).isEqualTo("wrong_audience");
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        nothingIsSentFor(id);
        server.asUsual();
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        assertThat(read(id)).isEqualTo(3);
        assertThat(server.ledger().timesSpent(next.refreshToken())).isOne();
    }

    @Test
    @DisplayName(
            "A5: a token of a type that is not understood is not served, its refresh token is kept, and it does not loop")
    void aTokenOfAnotherTypeIsNotServed() {
        isNotServedAndDoesNotLoop(next -> next.json().replace("\"Bearer\"", "\"mac\""), "unsupported_token_type");
    }

    @Test
    @DisplayName(
            "A5: an access token that is not made as tokens are is not served, its refresh token is kept, and it does not loop")
    void aTokenOfForbiddenCharactersIsNotServed() {
        isNotServedAndDoesNotLoop(
                next -> next.json().replace(next.accessToken(), "at\\r\\nX-Header: é"), "invalid_access_token");
    }

    @Test
    @DisplayName(
            "A5: an access token that no header can carry is not served, its refresh token is kept, and it does not loop")
    void aTokenThatIsTooLongIsNotServed() {
        isNotServedAndDoesNotLoop(
                next -> next.json().replace(next.accessToken(), "x".repeat(64 * 1024 + 1)), "access_token_too_long");
    }

    private void isNotServedAndDoesNotLoop(Function<IssuedTokens, String> answer, String code) {
        String id = fixture.expired(server);
        IssuedTokens next = server.issue("alice");
        server.answerNext(200, answer.apply(next));
        assertThatThrownBy(() -> read(id)).isInstanceOf(TokenUnavailableException.class);
        assertThat(fixture.session(id).failure().code()).isEqualTo(code);
        nothingIsSentFor(id);
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        assertThat(read(id)).isEqualTo(3);
        assertThat(server.ledger().timesSpent(next.refreshToken())).isOne();
    }

    @Test
    @DisplayName("B10, F12: where revoking a token ends the whole grant, a new sign-in revokes nothing; a removal does")
    void aNewSignInRevokesNothingWhereThatWouldEndTheGrant() {
        String id = fixture.registerAtKeyed(server.issue("alice"));
        fixture.replace(id, server.issue("alice"));
        assertThat(fixture.select("select count(*) from tokenkeep_revocation")).isEqualTo("0");
        sessions.remove(id);
        assertThat(fixture.select("select count(*) from tokenkeep_revocation")).isEqualTo("1");
    }

    private String refusedBy(int status, String error) {
        String id = fixture.due(server);
        server.answerAlways(status, "{\"error\":\"" + error + "\"}", Map.of());
        job.tick();
        return id;
    }

    private void awaitFailure(String id, String code) {
        await().until(() -> fixture.session(id).failure() != null);
        assertThat(fixture.session(id).failure().code()).isEqualTo(code);
    }

    /** Neither the job nor a reader has anything sent. */
    private void nothingIsSentFor(String id) {
        int requests = server.ledger().tokenRequests();
        job.tick();
        try {
            read(id);
        } catch (RuntimeException e) {
            assertThat(e.getMessage()).contains(id);
        }
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    private void goesOn(String id) {
        server.asUsual();
        fixture.update(id, "refresh_due_at = now(), not_before = null");
        job.tick();
        await().until(() -> fixture.session(id).tokens().version() == 2);
    }

    /** Those that are over, too. */
    private long pauses() {
        return Long.parseLong(fixture.select("select count(*) from tokenkeep_pause"));
    }

    private long paused() {
        return registrations.all().stream()
                .filter(state -> state.pause() != null)
                .count();
    }

    private long read(String id) {
        try {
            return tokens.read(id, Duration.ZERO).toCompletableFuture().join().version();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
