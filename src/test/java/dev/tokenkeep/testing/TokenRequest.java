package dev.tokenkeep.testing;

/**
 * A token request as the authorization server saw it.
 *
 * @param cameMillis wall clock
 * @param spentMillis wall clock, when the answer was made
 * @param replica what the request's {@code X-Replica} header said
 * @param answer the answer's body
 */
public record TokenRequest(
        long cameMillis,
        long spentMillis,
        String refreshToken,
        String replica,
        int status,
        String answer,
        Trouble trouble) {}
