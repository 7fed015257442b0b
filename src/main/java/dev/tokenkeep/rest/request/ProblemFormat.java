package dev.tokenkeep.rest.request;

import dev.tokenkeep.problem.Problem;

/** Writes the problems of some paths as their clients know errors, instead of RFC 9457. */
public interface ProblemFormat {

    /** A problem as it is sent. */
    record Formatted(int status, String mediaType, byte[] body) {}

    boolean isFor(String path);

    Formatted format(Problem problem);
}
