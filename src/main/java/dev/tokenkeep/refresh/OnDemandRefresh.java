package dev.tokenkeep.refresh;

import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.Pauses;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.SessionStatus;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokenendpoint.RegistrationGuard;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A refresh for somebody who waits: claims the session as soon as that can be, or learns that another replica's attempt
 * has moved it. At most one claim, and none against a back-off, a pause or the hold-off after an unknown outcome.
 */
@Singleton
class OnDemandRefresh {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Claiming claiming;
    private final TracedRefresh refresh;
    private final Pauses pauses;
    private final RefreshLimits limits;
    private final Workers workers;
    private final Ticker ticker;

    OnDemandRefresh(
            Claiming claiming,
            TracedRefresh refresh,
            Pauses pauses,
            RefreshLimits limits,
            Workers workers,
            Ticker ticker) {
        this.claiming = claiming;
        this.refresh = refresh;
        this.pauses = pauses;
        this.limits = limits;
        this.workers = workers;
        this.ticker = ticker;
    }

    /**
     * Begins on the calling thread, which may block.
     *
     * @param forced whether the session is refreshed although nothing calls for it
     * @param from done as soon as the session is not at this version any more; empty if only an own refresh will do
     */
    CompletionStage<Ending> start(String id, ClientRegistration registration, boolean forced, OptionalLong from) {
        var flight = new Wait(
                id,
                registration,
                limits.claimTerms(registration),
                forced,
                from,
                Deadline.after(ticker.nanos(), limits.timeout(registration)));
        return look(flight);
    }

    private record Wait(
            String id,
            ClientRegistration registration,
            ClaimTerms terms,
            boolean forced,
            OptionalLong from,
            Deadline end) {}

    private CompletionStage<Ending> look(Wait wait) {
        RegistrationGuard guard = claiming.guard(wait.registration());
        if (guard.breaker() == RegistrationGuard.Breaker.OPEN) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, SOON);
        }
        Optional<ClaimedSession> claimed =
                claiming.one(wait.id(), wait.from(), wait.registration(), wait.forced(), wait.terms());
        return claimed.isPresent()
                ? refresh.refresh(claimed.get(), wait.registration())
                : whyNot(wait, claiming.snapshot(wait.id()));
    }

    private CompletionStage<Ending> whyNot(Wait wait, SessionSnapshot seen) {
        if (wait.from().isPresent() && seen.session().version() != wait.from().getAsLong()) {
            return CompletableFuture.completedFuture(new Ending.Moved());
        }
        SessionStatus status = seen.session().status();
        if (status != SessionStatus.ACTIVE && !(wait.forced() && status == SessionStatus.USER_ACTION_REQUIRED)) {
            return CompletableFuture.completedFuture(new Ending.Changed());
        }
        if (positive(seen.leaseRemaining())) {
            refresh.seenElsewhere(wait.id(), seen.traceparent());
            return lookAgain(wait);
        }
        var pause = pauses.holding(wait.registration().name(), wait.terms().credential());
        if (pause.isPresent()) {
            return notNow(Reason.REGISTRATION_PAUSED, pause.get().remaining());
        }
        if (positive(seen.backOffRemaining())) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, seen.backOffRemaining());
        }
        if (seen.outcomeOpen() && positive(seen.remaining(ticker.nanos()))) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, seen.remaining(ticker.nanos()));
        }
        return lookAgain(wait);
    }

    private CompletionStage<Ending> lookAgain(Wait wait) {
        if (wait.end().remaining(ticker.nanos()).compareTo(LOOK_AGAIN) < 0) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, SOON);
        }
        return CompletableFuture.supplyAsync(() -> wait, workers.goingOnAfter(LOOK_AGAIN))
                .thenCompose(this::look);
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static CompletionStage<Ending> notNow(Reason reason, Duration retryAfter) {
        return CompletableFuture.completedFuture(new Ending.NotNow(reason, retryAfter));
    }
}
