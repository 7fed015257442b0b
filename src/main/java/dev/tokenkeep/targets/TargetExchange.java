package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.concurrent.SingleFlight;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.grants.GrantPermits;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.signin.exchange.AsideRequests;
import dev.tokenkeep.tokens.AccessTokenService;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gets access tokens for targets with the session's own access token (RFC 8693, Entra's on-behalf-of). It spends no refresh
 * token, so it needs no claim: each replica sends one request for a target of a session at a time.
 */
@Singleton
class TargetExchange {

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final AccessTokenService tokens;
    private final GrantPermits permits;
    private final AsideRequests requests;
    private final ExchangedTokens exchanged;
    private final Workers workers;
    private final SingleFlight<RefreshResult> flights = new SingleFlight<>();

    TargetExchange(
            AccessTokenService tokens,
            GrantPermits permits,
            AsideRequests requests,
            ExchangedTokens exchanged,
            Workers workers) {
        this.tokens = tokens;
        this.permits = permits;
        this.requests = requests;
        this.exchanged = exchanged;
        this.workers = workers;
    }

    CompletionStage<RefreshResult> send(WantedTarget wanted) {
        return flights.join(
                wanted.session().id() + " " + wanted.target().name(),
                () -> tokens.read(wanted.session().id(), Duration.ZERO)
                        .thenComposeAsync(own -> exchanged(wanted, own), workers.goingOn()),
                () -> {});
    }

    private CompletionStage<RefreshResult> exchanged(WantedTarget wanted, AccessToken own) {
        var notNow = permits.take(wanted.registration());
        if (notNow.isPresent()) {
            boolean paused = notNow.get().code().equals(GrantPermits.PAUSED);
            return CompletableFuture.completedFuture(new RefreshResult.NotNow(
                    paused ? Reason.REGISTRATION_PAUSED : Reason.AUTHORIZATION_SERVER_UNAVAILABLE,
                    Objects.requireNonNullElse(notNow.get().retryAfter(), DEFAULT_RETRY_AFTER)));
        }
        Secret key = wanted.seen().access().dpopKey();
        return requests.send(wanted.registration(), grant(wanted.target(), own).boundTo(key), requests.sending())
                .whenComplete((answer, failure) -> requests.answered(wanted.registration()))
                .thenApplyAsync(answer -> concluded(wanted, key, answer), workers.goingOn())
                .whenComplete((result, failure) -> requests.over(wanted.registration()));
    }

    private static Grant grant(Target target, AccessToken own) {
        Grant grant = target.via() == Target.Via.ON_BEHALF_OF
                ? Grant.of(
                        ClientGrant.JWT_BEARER.type(),
                        Map.of("assertion", own.value(), "requested_token_use", "on_behalf_of"))
                : Grant.of(
                        ClientGrant.TOKEN_EXCHANGE.type(),
                        Map.of(
                                "subject_token",
                                own.value(),
                                "subject_token_type",
                                ACCESS_TOKEN,
                                "requested_token_type",
                                ACCESS_TOKEN));
        return grant.forTarget(target.parameters());
    }

    private RefreshResult concluded(WantedTarget wanted, @Nullable Secret key, TokenAnswer answer) {
        TokenResult result = answer.outcome();
        return switch (result.kind()) {
            case REFRESHED ->
                exchanged.received(
                        wanted, ((TokenResult.Refreshed) result).response(), key != null, answer.startedNanos());
            case REFUSED -> refused((TokenResult.Refused) result);
            case UNKNOWN, NOT_SENT ->
                new RefreshResult.NotNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, DEFAULT_RETRY_AFTER);
        };
    }

    private static RefreshResult refused(TokenResult.Refused refused) {
        return refused.leavesGrantOpen()
                ? new RefreshResult.NotNow(
                        Reason.AUTHORIZATION_SERVER_UNAVAILABLE,
                        Objects.requireNonNullElse(refused.retryAfter(), DEFAULT_RETRY_AFTER))
                : new RefreshResult.TargetRefused(refused.code());
    }
}
