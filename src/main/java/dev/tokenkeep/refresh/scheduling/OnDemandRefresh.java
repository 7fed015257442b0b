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
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.budget.Pauses;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes a session for a caller that waits. Claims the session as soon as possible, or finds that an attempt of
 * another replica has refreshed it. Claims at most once, and never during a back-off, a pause or the hold-off after an
 * unknown outcome.
 */
@Singleton
class OnDemandRefresh {

    private static final Duration RETRY_DELAY = Duration.ofMillis(50);
    private static final Duration MAX_RETRY_DELAY = Duration.ofMillis(400);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

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
     * Starts on the calling thread, which may block.
     *
     * @param condition while it holds, the caller wants the refresh
     * @param target what the access token is for; null for the session's own
     */
    CompletionStage<RefreshResult> start(
            Session seen, ClientRegistration registration, ClaimCondition condition, @Nullable Target target) {
        long now = ticker.nanos();
        var asked = new RefreshDemand(seen.id(), registration, condition, seen.failure() != null, target, now);
        return look(asked, new Deadline(now));
    }

    /** @param nextRead when to read the session if there is no permit: not every try has to ask the database */
    private CompletionStage<RefreshResult> look(RefreshDemand demand, Deadline nextRead) {
        if (claimer.guard(demand.registration()).breaker() == RegistrationGuard.Breaker.OPEN) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, DEFAULT_RETRY_AFTER);
        }
        boolean permitted = claimer.tryBegin(demand);
        Optional<ClaimedSession> claimed = permitted ? claimer.one(demand) : Optional.empty();
        if (claimed.isPresent()) {
            return refresh.refresh(new ClaimedRefresh(claimed.get(), demand.registration(), demand.target()));
        }
        return permitted || nextRead.remaining(ticker.nanos()).isNegative()
                ? whyNot(demand, claimer.snapshot(demand.id()))
                : lookAgain(demand, RETRY_DELAY, nextRead);
    }

    private CompletionStage<RefreshResult> whyNot(RefreshDemand demand, SessionSnapshot seen) {
        if (demand.condition().isMissedBy(seen)) {
            return CompletableFuture.completedFuture(new RefreshResult.Moved());
        }
        SessionStatus status = seen.session().status();
        if (status != SessionStatus.ACTIVE
                && !(demand.condition().forced() && status == SessionStatus.USER_ACTION_REQUIRED)) {
            return CompletableFuture.completedFuture(new RefreshResult.Changed());
        }
        if (positive(seen.attempt().leaseRemaining())) {
            refresh.seenElsewhere(demand.id(), seen.attempt().traceparent());
            return lookAgain(demand, patience(demand), nextRead(demand));
        }
        var paused = pauses.holding(
                demand.registration().name(), demand.registration().client().credential());
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
        return lookAgain(demand, RETRY_DELAY, nextRead(demand));
    }

    private CompletionStage<RefreshResult> lookAgain(RefreshDemand demand, Duration pause, Deadline nextRead) {
        Duration waited = waited(demand);
        if (waited.plus(pause).compareTo(timeouts.timeout(demand.registration())) > 0) {
            return notNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, DEFAULT_RETRY_AFTER);
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
     * Returns how long to wait before the session is read again. It grows with the time waited: a slow authorization
     * server must not cause twenty database queries a second for every session.
     */
    private Duration patience(RefreshDemand demand) {
        Duration part = waited(demand).dividedBy(4);
        return part.compareTo(RETRY_DELAY) < 0
                ? RETRY_DELAY
                : part.compareTo(MAX_RETRY_DELAY) > 0 ? MAX_RETRY_DELAY : part;
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static CompletionStage<RefreshResult> notNow(Reason reason, Duration retryAfter) {
        return CompletableFuture.completedFuture(new RefreshResult.NotNow(reason, retryAfter));
    }
}
