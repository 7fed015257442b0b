package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.concurrent.SingleFlight;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.grants.GrantPermits;
import dev.tokenkeep.grants.GrantResult.Unavailable;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokens.AccessTokenService;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gets access tokens for targets with the session's own access token. It spends no refresh token, so it needs no claim: each
 * replica sends one request for a target of a session at a time.
 */
@Singleton
class TargetExchange {

    /** The own access token has to live until the request has arrived. */
    private static final Duration OWN_TTL = Duration.ofSeconds(10);

    private static final Duration RETRY_DELAY = Duration.ofMillis(50);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final AccessTokenService tokens;
    private final GrantPermits permits;
    private final ExchangeRequest request;
    private final RefreshTimeouts timeouts;
    private final Workers workers;
    private final Ticker ticker;
    private final SingleFlight<RefreshResult> flights = new SingleFlight<>();

    TargetExchange(
            AccessTokenService tokens,
            GrantPermits permits,
            ExchangeRequest request,
            RefreshTimeouts timeouts,
            Workers workers,
            Ticker ticker) {
        this.tokens = tokens;
        this.permits = permits;
        this.request = request;
        this.timeouts = timeouts;
        this.workers = workers;
        this.ticker = ticker;
    }

    CompletionStage<RefreshResult> send(WantedTarget wanted) {
        Deadline until = Deadline.after(ticker.nanos(), timeouts.timeout(wanted.registration()));
        return flights.join(
                wanted.flight(),
                () -> tokens.read(wanted.session().id(), OWN_TTL)
                        .thenComposeAsync(own -> exchanged(wanted, own, until), workers.goingOn()),
                () -> {});
    }

    /** Waits for a permit, as every reader does. */
    private CompletionStage<RefreshResult> exchanged(WantedTarget wanted, AccessToken own, Deadline until) {
        Grant grant = request.grant(wanted, own);
        Optional<Unavailable> notNow = permits.take(wanted.registration());
        if (notNow.isEmpty()) {
            return request.send(wanted, grant);
        }
        boolean paused = notNow.get().code().equals(GrantPermits.PAUSED);
        if (!paused && !until.remaining(ticker.nanos()).minus(RETRY_DELAY).isNegative()) {
            return CompletableFuture.supplyAsync(() -> own, workers.goingOnAfter(RETRY_DELAY))
                    .thenCompose(again -> exchanged(wanted, again, until));
        }
        return CompletableFuture.completedFuture(new RefreshResult.NotNow(
                paused ? Reason.REGISTRATION_PAUSED : Reason.AUTHORIZATION_SERVER_UNAVAILABLE,
                Objects.requireNonNullElse(notNow.get().retryAfter(), DEFAULT_RETRY_AFTER)));
    }
}
