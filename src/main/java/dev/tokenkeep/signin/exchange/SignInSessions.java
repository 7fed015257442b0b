package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.lifecycle.ReceivedTokens;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.lifecycle.UnkeptTokens;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.AccessTokenRule;
import dev.tokenkeep.refresh.PendingWrites;
import dev.tokenkeep.registration.RegistrationGoneException;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.AuthorizationStore;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Stores what came of an exchange, the session and the end of its sign-in in one transaction. If the database is away,
 * the result is held until it is back.
 */
@Singleton
class SignInSessions {

    private static final String KEPT_ELSEWHERE = "refresh_token_already_kept";
    private static final String SESSION_GONE = "session_removed";

    private final SessionService sessions;
    private final AuthorizationStore store;
    private final UnkeptTokens unkept;
    private final PendingWrites pending;
    private final Ticker ticker;

    SignInSessions(
            SessionService sessions,
            AuthorizationStore store,
            UnkeptTokens unkept,
            PendingWrites pending,
            Ticker ticker) {
        this.sessions = sessions;
        this.store = store;
        this.unkept = unkept;
        this.pending = pending;
        this.ticker = ticker;
    }

    /** @param startedNanos the ticker's reading when the tokens were asked for */
    CompletionStage<SignInResult> stored(Attempt attempt, TokenResponse response, long startedNanos) {
        TokenResponse kept = AccessTokenRule.servable(response, attempt.registration(), attempt.dpopKey() != null)
                .withDefaultScope(attempt.authorization().asked().scope());
        return written(attempt, () -> {
            // The write may have waited for the database.
            Duration age = Duration.ofNanos(ticker.nanos() - startedNanos);
            var tokens = new ReceivedTokens(kept, age, attempt.dpopKey(), result -> conclude(attempt, result));
            try {
                return result(kept(attempt, tokens));
            } catch (SessionNotFoundException e) {
                return discard(attempt, response, SESSION_GONE);
            } catch (RegistrationGoneException e) {
                return discard(attempt, response, FailureCode.REGISTRATION_GONE);
            } catch (InvalidTokenResponse e) {
                // Not revoked: some servers would end the grant of the session that stays.
                return fail(attempt, FailureCode.REFRESH_TOKEN_MISSING);
            }
        });
    }

    private RegistrationResult kept(Attempt attempt, ReceivedTokens tokens) {
        Asked asked = attempt.authorization().asked();
        return asked.replaces() == null
                ? sessions.register(attempt.registration(), asked.subject(), asked.caller(), tokens)
                : sessions.replace(asked.replaces(), attempt.registration(), tokens);
    }

    /** Runs within the transaction that stores the session. */
    private void conclude(Attempt attempt, RegistrationResult result) {
        if (result.kind() == RegistrationResult.Kind.KEPT_ELSEWHERE) {
            store.failWithin(attempt.authorizationId(), attempt.id(), KEPT_ELSEWHERE);
        } else {
            store.complete(
                    attempt.authorizationId(), attempt.id(), session(result).id());
        }
    }

    private static SignInResult result(RegistrationResult result) {
        return result.kind() == RegistrationResult.Kind.KEPT_ELSEWHERE
                ? new SignInResult.Over(KEPT_ELSEWHERE)
                : new SignInResult.Completed(session(result));
    }

    private static Session session(RegistrationResult result) {
        return result instanceof RegistrationResult.Stored stored
                ? stored.session()
                : ((RegistrationResult.Existing) result).session();
    }

    /** Ends the sign-in and has its refresh token (or the access token alone) revoked: nobody may use these tokens. */
    CompletionStage<SignInResult> discarded(Attempt attempt, TokenResponse response, String code) {
        return written(attempt, () -> discard(attempt, response, code));
    }

    private SignInResult discard(Attempt attempt, TokenResponse response, String code) {
        if (response.refreshToken() != null || response.accessToken() != null) {
            Secret credential = Renewal.of(response, null).credential();
            if (sessions.mayRevoke(attempt.registration(), credential)) {
                unkept.revoke(attempt.registration(), attempt.authorizationId(), credential);
            }
        }
        return fail(attempt, code);
    }

    CompletionStage<SignInResult> failed(Attempt attempt, String code) {
        return written(attempt, () -> fail(attempt, code));
    }

    private SignInResult fail(Attempt attempt, String code) {
        store.fail(attempt.authorizationId(), attempt.id(), code);
        return new SignInResult.Over(code);
    }

    CompletionStage<SignInResult> released(Attempt attempt, SignInResult result) {
        return written(attempt, () -> {
            store.release(attempt.authorizationId(), attempt.id());
            return result;
        });
    }

    private CompletionStage<SignInResult> written(Attempt attempt, Supplier<SignInResult> write) {
        return pending.write(attempt.id(), write);
    }
}
