package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.SignInIdTokenRules.Expected;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.AuthorizationStore;
import dev.tokenkeep.signin.store.AuthorizationStore.Claimed;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Exchanges an authorization code for tokens (RFC 6749 §4.1.3). The sign-in is claimed first, so that no two processes
 * send its code, and none sends it twice (CONFORMANCE H6).
 */
@Singleton
public class CodeExchange {

    private static final Duration BUSY_RETRY_AFTER = Duration.ofSeconds(1);

    private final AuthorizationStore store;
    private final SignInRequests requests;
    private final SignInTokens tokens;
    private final Workers workers;
    private final SignInTraces traces;

    CodeExchange(
            AuthorizationStore store,
            SignInRequests requests,
            SignInTokens tokens,
            Workers workers,
            SignInTraces traces) {
        this.store = store;
        this.requests = requests;
        this.tokens = tokens;
        this.workers = workers;
        this.traces = traces;
    }

    /**
     * Returns empty if the sign-in cannot be claimed: it has ended, or somebody else exchanges its code. Blocks on the
     * database, but not on the authorization server.
     *
     * @param hasKeys whether the authorization server publishes keys that verify ID tokens
     */
    public Optional<CompletionStage<SignInResult>> exchange(
            Authorization authorization, ClientRegistration registration, boolean hasKeys, Secret code) {
        // Read before the claim: whatever fails until then costs nothing.
        Expected expected = tokens.expected(authorization, registration, hasKeys);
        if (!requests.begin(authorization.id(), registration)) {
            return Optional.of(
                    CompletableFuture.completedFuture(new SignInResult.Unavailable("no_permit", BUSY_RETRY_AFTER)));
        }
        Optional<Claimed> claimed = Optional.empty();
        try {
            claimed = store.claim(authorization.id(), code, requests.lease(registration));
        } finally {
            if (claimed.isEmpty()) {
                requests.giveUp(registration);
            }
        }
        return claimed.map(own -> {
            var attempt = new Attempt(
                    own.attempt(), authorization, registration, expected.withNonce(own.nonce()), own.dpopKey());
            Grant grant = Grant.authorizationCode(code, authorization.asked().redirectUri(), own.verifier())
                    .boundTo(own.dpopKey());
            return traces.exchange(registration, () -> send(attempt, grant));
        });
    }

    private CompletionStage<SignInResult> send(Attempt attempt, Grant grant) {
        return requests.send(attempt.authorizationId(), attempt.registration(), grant)
                .thenComposeAsync(answer -> conclude(attempt, answer), workers.goingOn())
                .whenComplete((result, failure) -> requests.over(attempt.registration()));
    }

    private CompletionStage<SignInResult> conclude(Attempt attempt, TokenAnswer answer) {
        TokenResult result = answer.outcome();
        return switch (result.kind()) {
            case REFRESHED -> tokens.judge(attempt, ((TokenResult.Refreshed) result).response(), answer.startedNanos());
            case REFUSED -> refused(attempt, (TokenResult.Refused) result);
            // The code may be spent. It is never sent again: the server would revoke what it gave for it.
            case UNKNOWN -> tokens.fail(attempt, "outcome_unknown");
            case NOT_SENT -> tokens.release(attempt, new SignInResult.Unavailable(result.code(), null));
        };
    }

    /** A refusal of the client, or for now, says nothing about the code. */
    private CompletionStage<SignInResult> refused(Attempt attempt, TokenResult.Refused refused) {
        return refused.leavesGrantOpen()
                ? tokens.release(attempt, new SignInResult.Unavailable(refused.code(), refused.retryAfter()))
                : tokens.fail(attempt, refused.code());
    }
}
