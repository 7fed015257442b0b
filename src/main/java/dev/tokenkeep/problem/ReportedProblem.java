package dev.tokenkeep.problem;

/** The entity of a response that reports a problem, in whatever format. The audit has its type as the reason. */
public interface ReportedProblem {

    ProblemType type();
}
