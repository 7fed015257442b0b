package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import dev.tokenkeep.refresh.timing.RetryPolicy;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.session.RetrySchedule;
import dev.tokenkeep.session.store.RefreshResults;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Step 4: records why a refresh brought no tokens, and what follows from it (CONFORMANCE D). */
@Singleton
class RefreshFailureHandler {

    private final RefreshResults results;
    private final PendingWrites pending;
    private final RetryPolicy retries;
    private final RegistrationPausePolicy pausePolicy;
    private final OwnSchedule own;
    private final RefreshEventPublisher publisher;

    RefreshFailureHandler(
            RefreshResults results,
            PendingWrites pending,
            RetryPolicy retries,
            RegistrationPausePolicy pausePolicy,
            OwnSchedule own,
            RefreshEventPublisher publisher) {
        this.results = results;
        this.pending = pending;
        this.retries = retries;
        this.pausePolicy = pausePolicy;
        this.own = own;
        this.publisher = publisher;
    }

    /**
     * Handles a refusal: the authorization server says that this attempt did not spend the refresh token, or that the
     * grant is no longer valid.
     */
    CompletionStage<RefreshResult> refused(ClaimedRefresh refresh, Refused outcome, Instant now) {
        return refresh.target() == null
                ? refusedForSession(refresh, outcome, now)
                : refusedForTarget(refresh, outcome.ofTarget(), now);
    }

    private CompletionStage<RefreshResult> refusedForSession(ClaimedRefresh refresh, Refused outcome, Instant now) {
        return switch (failureClass(refresh.session(), outcome)) {
            case GRANT_DEAD ->
                over(refresh, SessionStatus.REAUTHENTICATION_REQUIRED, deathCode(refresh.session(), outcome), now);
            case USER_ACTION -> over(refresh, SessionStatus.USER_ACTION_REQUIRED, outcome.code(), now);
            case REGISTRATION_WRONG, ACCESS_DENIED, REQUEST_WRONG, TRANSIENT -> {
                Instant next = retries.afterRefusal(refresh.session(), outcome.retryAfter(), now);
                Duration pause = mayPause(refresh.session(), outcome)
                        ? pausePolicy.pausedBy(refresh, outcome, Duration.between(now, next))
                        : null;
                yield pause == null
                        ? postponed(
                                refresh, unspent(refresh, outcome.code(), next, now), now, RefreshOutcome.BACKED_OFF)
                        : paused(refresh, outcome, pause, now);
            }
        };
    }

    /**
     * Lets the session go on (CONFORMANCE G31). Whether its grant has ended, its own refresh says: at once if the server
     * says it has.
     */
    private CompletionStage<RefreshResult> refusedForTarget(ClaimedRefresh refresh, Refused outcome, Instant now) {
        if (outcome.leavesGrantOpen()) {
            return refusedForSession(refresh, outcome, now).thenApply(RefreshFailureHandler::unanswered);
        }
        Instant dueAt = outcome.failureClass() == FailureClass.GRANT_DEAD ? now : own.asBefore(refresh, now);
        var untilThen =
                new RetrySchedule(null, now, dueAt, refresh.session().spent().outcomeOpen());
        return postponed(refresh, untilThen, now, RefreshOutcome.TARGET_REFUSED)
                .thenApply(ending -> new RefreshResult.TargetRefused(outcome.code()));
    }

    /** A client that may not ask for itself can still refresh its users' sessions. */
    private static boolean mayPause(ClaimedSession claimed, Refused outcome) {
        return claimed.spent().grant() != GrantType.CLIENT_CREDENTIALS || outcome.isThrottled();
    }

    /** Without a user, no user can sign in again: what the server refuses today it may grant tomorrow. */
    private static FailureClass failureClass(ClaimedSession claimed, Refused outcome) {
        boolean endsSession =
                outcome.failureClass() == FailureClass.GRANT_DEAD || outcome.failureClass() == FailureClass.USER_ACTION;
        return endsSession && claimed.spent().grant() == GrantType.CLIENT_CREDENTIALS
                ? FailureClass.REQUEST_WRONG
                : outcome.failureClass();
    }

    /**
     * Postpones the session. If the client was refused, only the pause holds the session back, so that it continues as
     * soon as an operator ends the pause.
     */
    private CompletionStage<RefreshResult> paused(
            ClaimedRefresh refresh, Refused outcome, Duration pause, Instant now) {
        RetrySchedule untilThen = unspent(refresh, outcome.code(), outcome.isThrottled() ? now.plus(pause) : now, now);
        return postponed(refresh, untilThen, now, RefreshOutcome.PAUSED)
                .thenApply(ending -> new RefreshResult.NotNow(Reason.REGISTRATION_PAUSED, pause));
    }

    /** What a target was refused for now is no failure of its session, whose own refresh is due as before. */
    private RetrySchedule unspent(ClaimedRefresh refresh, @Nullable String code, Instant next, Instant now) {
        boolean outcomeOpen = refresh.session().spent().outcomeOpen();
        if (refresh.target() == null) {
            return new RetrySchedule(code, next, outcomeOpen);
        }
        Instant own = this.own.asBefore(refresh, now);
        return new RetrySchedule(null, next, own.isBefore(next) ? next : own, outcomeOpen);
    }

    /**
     * Returns the code of a final refusal. If an earlier attempt may have spent the refresh token and did not learn the
     * outcome, that attempt is the cause.
     */
    private static String deathCode(ClaimedSession claimed, Refused outcome) {
        return claimed.spent().outcomeOpen() || claimed.history().unproven()
                ? FailureCode.OUTCOME_UNKNOWN
                : outcome.code();
    }

    private CompletionStage<RefreshResult> over(ClaimedRefresh refresh, SessionStatus end, String code, Instant now) {
        return pending.write(refresh.session().attempt().id(), () -> results.end(refresh.session(), end, code, now))
                .thenApply(ended -> {
                    publisher.ended(refresh, end, code, ended);
                    return new RefreshResult.Changed();
                });
    }

    /** Handles an unknown outcome: the refresh token may be spent. */
    CompletionStage<RefreshResult> unknown(ClaimedRefresh refresh, Unknown outcome, Instant now) {
        Instant next = retries.afterUnknown(refresh.session(), refresh.registration(), outcome.retryAfter(), now);
        var postponement = new RetrySchedule(outcome.code(), next, true);
        return postponed(refresh, postponement, now, RefreshOutcome.UNKNOWN)
                .thenApply(ending -> refresh.target() == null ? ending : unanswered(ending));
    }

    private static RefreshResult unanswered(RefreshResult ending) {
        return ending instanceof RefreshResult.NotNow notNow
                ? new RefreshResult.TargetUnanswered(notNow.reason(), notNow.retryAfter())
                : ending;
    }

    /** Handles a request that was not sent: this attempt certainly did not spend the refresh token. */
    CompletionStage<RefreshResult> notSent(ClaimedRefresh refresh, NotSent outcome, Instant now) {
        boolean ownFault = outcome.isOwnDelay();
        Instant next = ownFault ? now : retries.afterRefusal(refresh.session(), null, now);
        var postponement = unspent(refresh, ownFault ? null : outcome.code(), next, now);
        return postponed(refresh, postponement, now, RefreshOutcome.NOT_SENT);
    }

    private CompletionStage<RefreshResult> postponed(
            ClaimedRefresh refresh, RetrySchedule postponement, Instant now, RefreshOutcome why) {
        return pending.write(refresh.session().attempt().id(), () -> {
                    results.postpone(refresh.session(), postponement, now);
                    return postponement;
                })
                .thenApply(written -> {
                    publisher.postponed(refresh.registration(), why);
                    return new RefreshResult.NotNow(
                            Reason.AUTHORIZATION_SERVER_UNAVAILABLE, Duration.between(now, postponement.nextAt()));
                });
    }
}
