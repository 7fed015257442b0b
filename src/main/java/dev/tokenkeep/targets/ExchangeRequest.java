package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.signin.exchange.AsideRequests;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** The exchange of a session's own access token for one for a target (RFC 8693, Entra's on-behalf-of). */
@Singleton
class ExchangeRequest {

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final SessionReads reads;
    private final AsideRequests requests;
    private final ExchangedTokens exchanged;
    private final Workers workers;

    ExchangeRequest(SessionReads reads, AsideRequests requests, ExchangedTokens exchanged, Workers workers) {
        this.reads = reads;
        this.requests = requests;
        this.exchanged = exchanged;
        this.workers = workers;
    }

    /** Returns what to ask with. The session may have got its key with its own access token just now. */
    Grant grant(WantedTarget wanted, AccessToken own) {
        Grant grant = wanted.target().via() == Target.Via.ON_BEHALF_OF
                ? Grant.of(
                        ClientGrant.JWT_BEARER.type(),
                        Map.of("assertion", own.value(), "requested_token_use", "on_behalf_of"))
                : Grant.of(
                        ClientGrant.TOKEN_EXCHANGE.type(),
                        Map.of(
                                "subject_token", own.value(),
                                "subject_token_type", ACCESS_TOKEN,
                                "requested_token_type", ACCESS_TOKEN));
        return grant.forTarget(wanted.target().parameters())
                .boundTo(reads.dpopKey(wanted.session().id()).value());
    }

    /** Sends it with the permit that was taken for it, which is given back. */
    CompletionStage<RefreshResult> send(WantedTarget wanted, Grant grant) {
        return requests.send(wanted.registration(), grant, requests.sending())
                .whenComplete((answer, failure) -> requests.answered(wanted.registration()))
                .thenApplyAsync(answer -> concluded(wanted, grant, answer), workers.goingOn())
                .whenComplete((result, failure) -> requests.over(wanted.registration()));
    }

    private RefreshResult concluded(WantedTarget wanted, Grant grant, TokenAnswer answer) {
        TokenResult result = answer.outcome();
        return switch (result.kind()) {
            case REFRESHED ->
                exchanged.received(
                        wanted,
                        ((TokenResult.Refreshed) result).response(),
                        grant.dpopKey() != null,
                        answer.startedNanos());
            case REFUSED -> refused((TokenResult.Refused) result);
            case UNKNOWN ->
                unanswered(
                        Objects.requireNonNullElse(((TokenResult.Unknown) result).retryAfter(), DEFAULT_RETRY_AFTER));
            case NOT_SENT -> new RefreshResult.NotNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, DEFAULT_RETRY_AFTER);
        };
    }

    /**
     * Some servers say invalid_client if they do not know the audience, such as Keycloak. If the client itself is at fault,
     * the sessions' own refreshes show it.
     */
    private static RefreshResult refused(TokenResult.Refused refused) {
        boolean forNow = refused.failureClass() == FailureClass.TRANSIENT || refused.isThrottled();
        return forNow
                ? unanswered(Objects.requireNonNullElse(refused.retryAfter(), DEFAULT_RETRY_AFTER))
                : new RefreshResult.TargetRefused(refused.code());
    }

    private static RefreshResult unanswered(Duration retryAfter) {
        return new RefreshResult.TargetUnanswered(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, retryAfter);
    }
}
