package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.oauth.RefreshOutcome.NotSent;
import dev.tokenkeep.oauth.RefreshOutcome.Refused;
import dev.tokenkeep.oauth.RefreshOutcome.Unknown;
import dev.tokenkeep.refresh.timing.RetryPolicy;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.Postponement;
import dev.tokenkeep.session.store.RefreshResults;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Step 4: notes why a refresh brought nothing, and what follows from it (CONFORMANCE D). */
@Singleton
class NoteFailure {

    private final RefreshResults results;
    private final HeldAnswers held;
    private final RetryPolicy retries;
    private final RegistrationFaults faults;
    private final RefreshNews news;

    NoteFailure(
            RefreshResults results,
            HeldAnswers held,
            RetryPolicy retries,
            RegistrationFaults faults,
            RefreshNews news) {
        this.results = results;
        this.held = held;
        this.retries = retries;
        this.faults = faults;
        this.news = news;
    }

    /** The authorization server's word: this attempt did not spend the refresh token, or the grant is dead. */
    CompletionStage<Ending> refused(
            ClaimedSession claimed, ClientRegistration registration, Refused outcome, Instant now) {
        return switch (outcome.failureClass()) {
            case GRANT_DEAD ->
                over(claimed, registration, SessionStatus.REAUTHENTICATION_REQUIRED, deathCode(claimed, outcome), now);
            case USER_ACTION -> over(claimed, registration, SessionStatus.USER_ACTION_REQUIRED, outcome.code(), now);
            case REGISTRATION_WRONG, ACCESS_DENIED, REQUEST_WRONG, TRANSIENT -> {
                Instant next = retries.afterRefusal(claimed, outcome.retryAfter(), now);
                Duration pause = faults.pausedBy(registration, claimed, outcome, Duration.between(now, next));
                yield pause == null
                        ? postponed(
                                claimed, registration, postponement(claimed, outcome, next), now, Conclusion.BACKED_OFF)
                        : paused(claimed, registration, outcome, pause, now);
            }
        };
    }

    /** Where the client is refused the pause holds the session back, and nothing else: it goes on the moment an operator ends it. */
    private CompletionStage<Ending> paused(
            ClaimedSession claimed, ClientRegistration registration, Refused outcome, Duration pause, Instant now) {
        Postponement untilThen = postponement(claimed, outcome, outcome.isThrottled() ? now.plus(pause) : now);
        return postponed(claimed, registration, untilThen, now, Conclusion.PAUSED)
                .thenApply(ending -> new Ending.NotNow(Reason.REGISTRATION_PAUSED, pause));
    }

    private static Postponement postponement(ClaimedSession claimed, Refused outcome, Instant next) {
        return new Postponement(outcome.code(), next, claimed.outcomeOpen());
    }

    /** Whoever spent a refresh token and did not learn what came of it is the cause of its refusal. */
    private static String deathCode(ClaimedSession claimed, Refused outcome) {
        return claimed.outcomeOpen() || claimed.unproven() ? FailureCode.OUTCOME_UNKNOWN : outcome.code();
    }

    private CompletionStage<Ending> over(
            ClaimedSession claimed, ClientRegistration registration, SessionStatus end, String code, Instant now) {
        return held.write(claimed.attemptId(), () -> results.end(claimed, end, code, now))
                .thenApply(ended -> {
                    news.ended(claimed, registration, end, code, ended);
                    return new Ending.Changed();
                });
    }

    /** The refresh token may be spent. */
    CompletionStage<Ending> unknown(
            ClaimedSession claimed, ClientRegistration registration, Unknown outcome, Instant now) {
        Instant next = retries.afterUnknown(claimed, registration, outcome.retryAfter(), now);
        var postponement = new Postponement(outcome.code(), next, true);
        return postponed(claimed, registration, postponement, now, Conclusion.UNKNOWN);
    }

    /** The refresh token is certainly not spent. */
    CompletionStage<Ending> notSent(
            ClaimedSession claimed, ClientRegistration registration, NotSent outcome, Instant now) {
        boolean ownFault = outcome.isOwnDelay();
        Instant next = ownFault ? now : retries.afterRefusal(claimed, null, now);
        var postponement = new Postponement(ownFault ? null : outcome.code(), next, claimed.outcomeOpen());
        return postponed(claimed, registration, postponement, now, Conclusion.NOT_SENT);
    }

    private CompletionStage<Ending> postponed(
            ClaimedSession claimed,
            ClientRegistration registration,
            Postponement postponement,
            Instant now,
            Conclusion why) {
        return held.write(claimed.attemptId(), () -> {
                    results.postpone(claimed, postponement, now);
                    return postponement;
                })
                .thenApply(written -> {
                    news.postponed(registration, why);
                    return new Ending.NotNow(
                            Reason.AUTHORIZATION_SERVER_UNAVAILABLE, Duration.between(now, postponement.nextAt()));
                });
    }
}
