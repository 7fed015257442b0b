package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.oauth.TokenResult;

/**
 * The result of one token request.
 *
 * @param startedNanos the ticker's reading just before the first byte was written; the access token's lifetime counts
 *     from there (CONFORMANCE E). If nothing was sent, the reading when that was known.
 */
public record TokenAnswer(TokenResult outcome, long startedNanos) {}
