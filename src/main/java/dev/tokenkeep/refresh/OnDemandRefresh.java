package dev.tokenkeep.refresh;

import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.Pauses;
import dev.tokenkeep.session.Session;
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
    private static final Duration LOOK_AT_LEAST = Duration.ofMillis(400);
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
    CompletionStage<Ending> start(Session seen, ClientRegistration registration, boolean forced, OptionalLong from) {
        Deadline end = Deadline.after(ticker.nanos(), limits.timeout(registration));
        return look(new Demand(seen.id(), registration, forced, seen.failure() != null, from, end), LOOK_AGAIN);
    }

    /** @param pause until the next look, if another replica is at it */
    private CompletionStage<Ending> look(Demand demand, Duration pause) {
        RegistrationGuard guard = claiming.guard(demand.registration());
        if (guard.breaker() == RegistrationGuard.Breaker.OPEN) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, SOON);
        }
        Optional<ClaimedSession> claimed = claiming.one(demand);
        return claimed.isPresent()
                ? refresh.refresh(claimed.get(), demand.registration())
                : whyNot(demand, claiming.snapshot(demand.id()), pause);
    }

    private CompletionStage<Ending> whyNot(Demand demand, SessionSnapshot seen, Duration pause) {
        if (demand.from().isPresent()
                && seen.session().version() != demand.from().getAsLong()) {
            return CompletableFuture.completedFuture(new Ending.Moved());
        }
        SessionStatus status = seen.session().status();
        if (status != SessionStatus.ACTIVE && !(demand.forced() && status == SessionStatus.USER_ACTION_REQUIRED)) {
            return CompletableFuture.completedFuture(new Ending.Changed());
        }
        if (positive(seen.leaseRemaining())) {
            refresh.seenElsewhere(demand.id(), seen.traceparent());
            return lookAgain(demand, pause, longer(pause));
        }
        var paused = pauses.holding(demand.registration().name(), RefreshLimits.credential(demand.registration()));
        if (paused.isPresent()) {
            return notNow(Reason.REGISTRATION_PAUSED, paused.get().remaining());
        }
        if (positive(seen.backOffRemaining())) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, seen.backOffRemaining());
        }
        if (seen.outcomeOpen() && positive(seen.remaining(ticker.nanos()))) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, seen.remaining(ticker.nanos()));
        }
        return lookAgain(demand, LOOK_AGAIN, LOOK_AGAIN);
    }

    private CompletionStage<Ending> lookAgain(Demand demand, Duration pause, Duration next) {
        if (demand.end().remaining(ticker.nanos()).compareTo(pause) < 0) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, SOON);
        }
        return CompletableFuture.supplyAsync(() -> demand, workers.goingOnAfter(pause))
                .thenCompose(again -> look(again, next));
    }

    /** An authorization server that takes its time must not have the database asked for every session twenty times a second. */
    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LOOK_AT_LEAST) > 0 ? LOOK_AT_LEAST : twice;
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static CompletionStage<Ending> notNow(Reason reason, Duration retryAfter) {
        return CompletableFuture.completedFuture(new Ending.NotNow(reason, retryAfter));
    }
}
