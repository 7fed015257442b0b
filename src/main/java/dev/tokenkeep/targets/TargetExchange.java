package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.concurrent.SingleFlight;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.grants.GrantPermits;
import dev.tokenkeep.grants.GrantResult.Unavailable;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.time.Durations;
import dev.tokenkeep.tokens.AccessTokenService;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Gets access tokens for targets with the session's own access token. It spends no refresh token, so it needs no claim: each
 * replica sends one request for a target of a session at a time.
 */
@Singleton
class TargetExchange {

    /** The own access token has to live until the request has arrived. */
    private static final Duration OWN_TTL = Duration.ofSeconds(10);

    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    /** All delays together are about as long as a reader waits. */
    private static final Duration MAX_DELAY = Duration.ofMillis(3200);

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final AccessTokenService tokens;
    private final GrantPermits permits;
    private final ExchangeRequest request;
    private final Workers workers;
    private final SingleFlight<RefreshResult> flights = new SingleFlight<>();

    TargetExchange(AccessTokenService tokens, GrantPermits permits, ExchangeRequest request, Workers workers) {
        this.tokens = tokens;
        this.permits = permits;
        this.request = request;
        this.workers = workers;
    }

    /**
     * Completes when the request is over, however long that takes.
     *
     * @param concluded is called once for each request
     */
    CompletableFuture<RefreshResult> send(WantedTarget wanted, UnaryOperator<RefreshResult> concluded) {
        return flights.join(
                wanted.flight(),
                () -> tokens.read(wanted.session().id(), OWN_TTL)
                        .thenComposeAsync(own -> exchanged(wanted, own), workers.goingOn())
                        .thenApply(concluded),
                () -> {});
    }

    private CompletionStage<RefreshResult> exchanged(WantedTarget wanted, AccessToken own) {
        Optional<Unavailable> notNow = permits.take(wanted.registration());
        if (notNow.isPresent() && !notNow.get().code().equals(GrantPermits.PAUSED)) {
            return later(wanted, own, notNow.get(), FIRST_DELAY);
        }
        return notNow.map(paused -> notNow(Reason.REGISTRATION_PAUSED, paused)).orElseGet(() -> sent(wanted, own));
    }

    /** Waits for a permit, as every reader does, and looks for one less and less often. */
    private CompletionStage<RefreshResult> later(
            WantedTarget wanted, AccessToken own, Unavailable notNow, Duration delay) {
        Duration next = Durations.shorter(delay.multipliedBy(2), MAX_DELAY);
        if (delay.compareTo(MAX_DELAY) >= 0) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, notNow);
        }
        return CompletableFuture.supplyAsync(
                        () -> permits.takeAgain(wanted.registration()), workers.goingOnAfter(delay))
                .thenCompose(again -> again.isPresent() ? later(wanted, own, again.get(), next) : sent(wanted, own));
    }

    /** With a permit. */
    private CompletionStage<RefreshResult> sent(WantedTarget wanted, AccessToken own) {
        Grant grant;
        try {
            grant = request.grant(wanted, own);
        } catch (RuntimeException e) {
            permits.giveUp(wanted.registration());
            throw e;
        }
        return request.send(wanted, grant);
    }

    private static CompletionStage<RefreshResult> notNow(Reason reason, Unavailable why) {
        return CompletableFuture.completedFuture(
                new RefreshResult.NotNow(reason, Objects.requireNonNullElse(why.retryAfter(), DEFAULT_RETRY_AFTER)));
    }
}
