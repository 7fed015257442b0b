package dev.tokenkeep.settings;

import java.time.Duration;

/**
 * The number of token requests that a registration may send in a period, over all replicas; configured as {@code
 * 100/1m}.
 *
 * @param requests at least 1
 * @param per positive
 */
public record RateLimit(int requests, Duration per) {}
