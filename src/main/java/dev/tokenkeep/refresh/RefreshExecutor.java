package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Runs one refresh. Step 1 has claimed the session. Step 2 sends the request. Step 3 stores the tokens, or step 4
 * records why there are none. Nothing that happens to waiting callers stops a refresh, and no token response is
 * dropped.
 */
@Singleton
class RefreshExecutor {

    private final RefreshRequestSender request;
    private final RefreshSuccessHandler successHandler;
    private final RefreshFailureHandler failureHandler;
    private final Workers workers;
    private final Ticker ticker;

    RefreshExecutor(
            RefreshRequestSender request,
            RefreshSuccessHandler successHandler,
            RefreshFailureHandler failureHandler,
            Workers workers,
            Ticker ticker) {
        this.request = request;
        this.successHandler = successHandler;
        this.failureHandler = failureHandler;
        this.workers = workers;
        this.ticker = ticker;
    }

    /**
     * Refreshes a session that {@link RefreshClaimer} has claimed. A permit is held for it, and it counts as in flight.
     */
    CompletionStage<RefreshResult> refresh(ClaimedRefresh refresh) {
        Executor goingOn = workers.goingOn();
        return request.send(refresh)
                .thenComposeAsync(answer -> conclude(refresh, answer), goingOn)
                .whenComplete((ending, failure) -> request.over(refresh));
    }

    private CompletionStage<RefreshResult> conclude(ClaimedRefresh refresh, TokenAnswer answer) {
        TokenResult outcome = answer.outcome();
        Instant now = refresh.session().databaseTime(ticker.nanos());
        return switch (outcome.kind()) {
            case REFRESHED -> successHandler.store(refresh, (Refreshed) outcome, answer.startedNanos(), now);
            case REFUSED -> failureHandler.refused(refresh, (Refused) outcome, now);
            case UNKNOWN -> failureHandler.unknown(refresh, (Unknown) outcome, now);
            case NOT_SENT -> failureHandler.notSent(refresh, (NotSent) outcome, now);
        };
    }
}
