package dev.tokenkeep.embedded;

import dev.tokenkeep.SignInOutcome;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.store.Authorization.Progress;
import java.time.Duration;
import java.util.Objects;

/** Tells an application what came of a sign-in. */
final class SignInOutcomes {

    static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);

    private SignInOutcomes() {}

    static SignInOutcome of(SignInResult result) {
        if (result instanceof SignInResult.Completed completed) {
            return new SignInOutcome.SignedIn(completed.session().id());
        }
        if (result instanceof SignInResult.NotOurs notOurs) {
            return new SignInOutcome.CallbackRefused(notOurs.code());
        }
        if (result instanceof SignInResult.Denied denied) {
            return new SignInOutcome.Denied(denied.error());
        }
        if (result instanceof SignInResult.Over over) {
            return new SignInOutcome.Over(over.code());
        }
        if (result instanceof SignInResult.Unavailable unavailable) {
            return new SignInOutcome.Unavailable(
                    unavailable.code(), Objects.requireNonNullElse(unavailable.retryAfter(), DEFAULT_RETRY_AFTER));
        }
        return new SignInOutcome.InProgress();
    }

    static SignInOutcome of(Progress progress) {
        return switch (progress.status()) {
            case PENDING -> new SignInOutcome.Pending();
            case AWAITING_CONFIRMATION -> new SignInOutcome.AwaitingConfirmation();
            case COMPLETED -> new SignInOutcome.SignedIn(Objects.requireNonNull(progress.session()));
            case FAILED -> new SignInOutcome.Over(Objects.requireNonNull(progress.error()));
            case EXPIRED -> new SignInOutcome.Over("expired");
        };
    }
}
