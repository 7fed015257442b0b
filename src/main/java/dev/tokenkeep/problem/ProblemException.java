package dev.tokenkeep.problem;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.type().urn(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
