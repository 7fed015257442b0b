package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.RefreshOutcome;
import dev.tokenkeep.oauth.RefreshOutcome.NotSent;
import dev.tokenkeep.oauth.RefreshOutcome.Refreshed;
import dev.tokenkeep.oauth.RefreshOutcome.Refused;
import dev.tokenkeep.oauth.RefreshOutcome.Unknown;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One refresh: a session that was claimed (step 1) is sent (2), and what came back is stored (3), or it is noted why
 * nothing did (4). Nothing that happens to those who wait for it stops it, and no answer is dropped.
 */
@Singleton
class RefreshSession {

    private final RefreshRequest request;
    private final StoreAnswer storeAnswer;
    private final NoteFailure noteFailure;
    private final Workers workers;
    private final Ticker ticker;

    RefreshSession(
            RefreshRequest request, StoreAnswer storeAnswer, NoteFailure noteFailure, Workers workers, Ticker ticker) {
        this.request = request;
        this.storeAnswer = storeAnswer;
        this.noteFailure = noteFailure;
        this.workers = workers;
        this.ticker = ticker;
    }

    /** Refreshes a session that {@link Claiming} has claimed: a permit is held for it, and it counts as in flight. */
    CompletionStage<Ending> refresh(ClaimedSession claimed, ClientRegistration registration) {
        Executor goingOn = workers.goingOn();
        return request.send(claimed, registration)
                .thenComposeAsync(answer -> conclude(claimed, registration, answer), goingOn)
                .whenComplete((ending, failure) -> request.over(claimed, registration));
    }

    private CompletionStage<Ending> conclude(
            ClaimedSession claimed, ClientRegistration registration, TokenAnswer answer) {
        RefreshOutcome outcome = answer.outcome();
        Instant now = claimed.databaseTime(ticker.nanos());
        return switch (outcome.kind()) {
            case REFRESHED -> storeAnswer.store(claimed, registration, (Refreshed) outcome, answer.startedNanos(), now);
            case REFUSED -> noteFailure.refused(claimed, registration, (Refused) outcome, now);
            case UNKNOWN -> noteFailure.unknown(claimed, registration, (Unknown) outcome, now);
            case NOT_SENT -> noteFailure.notSent(claimed, registration, (NotSent) outcome, now);
        };
    }
}
