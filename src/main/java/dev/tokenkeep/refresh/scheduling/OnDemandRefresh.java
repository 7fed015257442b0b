package dev.tokenkeep.refresh.scheduling;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.refresh.ClaimedRefresh;
import dev.tokenkeep.refresh.RefreshClaimer;
import dev.tokenkeep.refresh.RefreshDemand;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.TracedRefresh;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.budget.Pauses;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
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

    private final RefreshClaimer claimer;
    private final TracedRefresh refresh;
    private final Pauses pauses;
    private final RefreshTimeouts timeouts;
    private final Workers workers;
    private final Ticker ticker;

    OnDemandRefresh(
            RefreshClaimer claimer,
            TracedRefresh refresh,
            Pauses pauses,
            RefreshTimeouts timeouts,
            Workers workers,
            Ticker ticker) {
        this.claimer = claimer;
        this.refresh = refresh;
        this.pauses = pauses;
        this.timeouts = timeouts;
        this.workers = workers;
        this.ticker = ticker;
    }

    /**
     * Begins on the calling thread, which may block.
     *
     * @param forced whether the session is refreshed although nothing calls for it
     * @param from done as soon as the session is not at this version any more; empty if only an own refresh will do
     */
    CompletionStage<RefreshResult> start(
            Session seen, ClientRegistration registration, boolean forced, OptionalLong from) {
        long now = ticker.nanos();
        var asked = new RefreshDemand(seen.id(), registration, forced, seen.failure() != null, from, now);
        return look(asked, new Deadline(now));
    }

    /** @param nextRead when the session is read, should there be no permit: the database need not be asked for those */
    private CompletionStage<RefreshResult> look(RefreshDemand demand, Deadline nextRead) {
        if (claimer.guard(demand.registration()).breaker() == RegistrationGuard.Breaker.OPEN) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, SOON);
        }
        boolean permitted = claimer.tryBegin(demand);
        Optional<ClaimedSession> claimed = permitted ? claimer.one(demand) : Optional.empty();
        if (claimed.isPresent()) {
            return refresh.refresh(new ClaimedRefresh(claimed.get(), demand.registration()));
        }
        return permitted || nextRead.remaining(ticker.nanos()).isNegative()
                ? whyNot(demand, claimer.snapshot(demand.id()))
                : lookAgain(demand, LOOK_AGAIN, nextRead);
    }

    private CompletionStage<RefreshResult> whyNot(RefreshDemand demand, SessionSnapshot seen) {
        if (demand.from().isPresent()
                && seen.session().tokens().version() != demand.from().getAsLong()) {
            return CompletableFuture.completedFuture(new RefreshResult.Moved());
        }
        SessionStatus status = seen.session().status();
        if (status != SessionStatus.ACTIVE && !(demand.forced() && status == SessionStatus.USER_ACTION_REQUIRED)) {
            return CompletableFuture.completedFuture(new RefreshResult.Changed());
        }
        if (positive(seen.attempt().leaseRemaining())) {
            refresh.seenElsewhere(demand.id(), seen.attempt().traceparent());
            return lookAgain(demand, patience(demand), nextRead(demand));
        }
        var paused = pauses.holding(demand.registration().name(), RefreshTimeouts.credential(demand.registration()));
        if (paused.isPresent()) {
            return notNow(Reason.REGISTRATION_PAUSED, paused.get().remaining());
        }
        if (positive(seen.attempt().backOffRemaining())) {
            return notNow(
                    Reason.AUTHORIZATION_SERVER_UNAVAILABLE, seen.attempt().backOffRemaining());
        }
        if (seen.attempt().outcomeOpen() && positive(seen.remaining(ticker.nanos()))) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, seen.remaining(ticker.nanos()));
        }
        return lookAgain(demand, LOOK_AGAIN, nextRead(demand));
    }

    private CompletionStage<RefreshResult> lookAgain(RefreshDemand demand, Duration pause, Deadline nextRead) {
        Duration waited = waited(demand);
        if (waited.plus(pause).compareTo(timeouts.timeout(demand.registration())) > 0) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, SOON);
        }
        return CompletableFuture.supplyAsync(() -> demand, workers.goingOnAfter(pause))
                .thenCompose(again -> look(again, nextRead));
    }

    private Duration waited(RefreshDemand demand) {
        return Duration.ofNanos(ticker.nanos() - demand.askedNanos());
    }

    private Deadline nextRead(RefreshDemand demand) {
        return Deadline.after(ticker.nanos(), patience(demand));
    }

    /**
     * The longer it takes, the less often the database is asked: an authorization server that takes its time must not have it
     * asked for every session twenty times a second.
     */
    private Duration patience(RefreshDemand demand) {
        Duration part = waited(demand).dividedBy(4);
        return part.compareTo(LOOK_AGAIN) < 0 ? LOOK_AGAIN : part.compareTo(LOOK_AT_LEAST) > 0 ? LOOK_AT_LEAST : part;
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static CompletionStage<RefreshResult> notNow(Reason reason, Duration retryAfter) {
        return CompletableFuture.completedFuture(new RefreshResult.NotNow(reason, retryAfter));
    }
}
