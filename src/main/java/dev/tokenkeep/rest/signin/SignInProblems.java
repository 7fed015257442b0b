package dev.tokenkeep.rest.signin;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.rest.request.RequestBody;
import dev.tokenkeep.signin.SignInException;
import dev.tokenkeep.signin.exchange.SignInResult;
import java.time.Duration;
import java.util.Objects;

/** Maps what can go wrong with a sign-in to the problem that is returned. */
final class SignInProblems {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);
    private static final String CODE = "code";

    private SignInProblems() {}

    static ProblemException of(SignInException failure) {
        Duration retryAfter = Objects.requireNonNullElse(failure.retryAfter(), DEFAULT_RETRY_AFTER);
        String sentence = failure.getMessage() + ".";
        return switch (failure.reason()) {
            case INVALID -> RequestBody.invalid(failure.culprit(), sentence);
            case NOT_POSSIBLE ->
                Problem.of(ProblemType.SIGN_IN_NOT_POSSIBLE, sentence)
                        .with(CODE, failure.culprit())
                        .thrown();
            case UNAVAILABLE ->
                Problem.of(ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE, "No sign-in has begun; repeat the same call.")
                        .with(CODE, failure.culprit())
                        .retryAfter(retryAfter)
                        .thrown();
            case TOO_MANY ->
                Problem.of(ProblemType.TOO_MANY_REQUESTS, sentence)
                        .retryAfter(retryAfter)
                        .thrown();
        };
    }

    /** @param result any but {@link SignInResult.Completed} */
    static ProblemException of(SignInResult result) {
        if (result instanceof SignInResult.NotOurs notOurs) {
            return problem(
                    ProblemType.CALLBACK_REFUSED,
                    "The authorization is as it was; the user can still sign in.",
                    notOurs.code());
        }
        if (result instanceof SignInResult.Denied denied) {
            return problem(
                    ProblemType.AUTHORIZATION_DENIED,
                    "The user can still sign in until the authorization expires. A pushed request needs a new one.",
                    denied.error());
        }
        if (result instanceof SignInResult.Over over) {
            return problem(ProblemType.AUTHORIZATION_OVER, "Begin a new authorization.", over.code());
        }
        if (result instanceof SignInResult.Unavailable unavailable) {
            return Problem.of(
                            ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE,
                            "The authorization code was not used; repeat the same call.")
                    .with(CODE, unavailable.code())
                    .retryAfter(Objects.requireNonNullElse(unavailable.retryAfter(), DEFAULT_RETRY_AFTER))
                    .thrown();
        }
        return Problem.of(ProblemType.AUTHORIZATION_IN_PROGRESS, "Repeat the same call to learn what came of it.")
                .retryAfter(SOON)
                .thrown();
    }

    private static ProblemException problem(ProblemType type, String detail, String code) {
        return Problem.of(type, detail).with(CODE, code).thrown();
    }
}
