package dev.tokenkeep.rest;

/** Ends a request with a problem. */
final class ProblemException extends RuntimeException {

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.type().urn(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
