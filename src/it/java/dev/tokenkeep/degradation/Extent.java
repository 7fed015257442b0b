package dev.tokenkeep.degradation;

import java.time.Duration;

/**
 * How much of everything.
 *
 * @param sessions of each scenario
 * @param many registrations at one healthy server, a tenth of which lead nowhere
 * @param lifetime of access tokens
 * @param degraded how long the trouble lasts
 * @param slowest the longest time that a slow server takes to answer
 */
record Extent(int sessions, int many, Duration lifetime, Duration degraded, Duration slowest) {

    static Extent ofSystemProperty() {
        return switch (System.getProperty("tokenkeep.harness.form", "small")) {
            case "small" -> new Extent(10, 60, Duration.ofSeconds(20), Duration.ofSeconds(25), Duration.ofSeconds(20));
            case "large" ->
                new Extent(100, 1_000, Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(45));
            default -> throw new IllegalArgumentException("tokenkeep.harness.form: small or large");
        };
    }
}
