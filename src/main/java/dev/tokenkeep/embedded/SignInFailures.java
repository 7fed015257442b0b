package dev.tokenkeep.embedded;

import dev.tokenkeep.SignInUnavailableException;
import dev.tokenkeep.SignInUnavailableException.Reason;
import dev.tokenkeep.signin.SignInException;
import java.util.Objects;

/** Tells an application why a sign-in cannot begin. */
final class SignInFailures {

    private SignInFailures() {}

    static RuntimeException of(SignInException failure) {
        return switch (failure.reason()) {
            case INVALID -> new IllegalArgumentException(failure.culprit() + ": " + failure.getMessage());
            case NOT_POSSIBLE -> of(Reason.NOT_POSSIBLE, failure);
            case UNAVAILABLE -> of(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, failure);
            case TOO_MANY -> of(Reason.TOO_MANY, failure);
        };
    }

    private static SignInUnavailableException of(Reason reason, SignInException failure) {
        return new SignInUnavailableException(
                reason,
                failure.culprit(),
                Objects.requireNonNullElse(failure.getMessage(), ""),
                reason == Reason.NOT_POSSIBLE
                        ? null
                        : Objects.requireNonNullElse(failure.retryAfter(), SignInOutcomes.DEFAULT_RETRY_AFTER));
    }
}
