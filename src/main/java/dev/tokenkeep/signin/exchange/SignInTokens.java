package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.SignInIdTokenRules.Expected;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.signin.store.Authorization;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Judges the tokens of a sign-in. They become a session, or are revoked. */
@Singleton
public class SignInTokens {

    private static final Logger LOG = Logger.getLogger(SignInTokens.class);

    private final SignInIdTokenCheck idTokens;
    private final SignInSessions sessions;
    private final Workers workers;
    private final SignInTraces traces;

    SignInTokens(SignInIdTokenCheck idTokens, SignInSessions sessions, Workers workers, SignInTraces traces) {
        this.idTokens = idTokens;
        this.sessions = sessions;
        this.workers = workers;
        this.traces = traces;
    }

    /**
     * Returns what the ID token has to say, but for the nonce. Blocks on the database.
     *
     * @param hasKeys whether the authorization server publishes keys that verify ID tokens
     */
    public Expected expected(Authorization authorization, ClientRegistration registration, boolean hasKeys) {
        return idTokens.expected(authorization, registration, hasKeys);
    }

    /** @param startedNanos the ticker's reading when the tokens were asked for */
    public CompletionStage<SignInResult> judge(Attempt attempt, TokenResponse response, long startedNanos) {
        if (response.refreshToken() == null
                && attempt.registration().refreshTokens().required()) {
            LOG.warnf(
                    "Registration %s: a sign-in brought no refresh token. %s",
                    attempt.registration().name(),
                    Objects.requireNonNullElse(
                            attempt.registration().refreshTokens().hint(),
                            "Many servers want the scope offline_access."));
            return fail(attempt, FailureCode.REFRESH_TOKEN_MISSING);
        }
        return traces.idTokenCheck(attempt.registration(), () -> idTokens.objection(attempt, response))
                .thenComposeAsync(
                        objection -> objection.isPresent()
                                ? sessions.discarded(attempt, response, objection.get())
                                : sessions.stored(attempt, response, startedNanos),
                        workers.goingOn());
    }

    /** Ends the sign-in: no tokens came of it, and none will. */
    public CompletionStage<SignInResult> fail(Attempt attempt, String code) {
        return sessions.failed(attempt, code);
    }

    /** Lets the sign-in go on: what was sent was certainly not spent. */
    CompletionStage<SignInResult> release(Attempt attempt, SignInResult result) {
        return sessions.released(attempt, result);
    }
}
