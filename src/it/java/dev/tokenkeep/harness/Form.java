package dev.tokenkeep.harness;

import java.time.Duration;

/**
 * How much of everything.
 *
 * @param sessions of each mode
 * @param kills SIGKILLs of replicas
 * @param stops SIGSTOPs of replicas, each for three leases
 * @param terminations SIGTERMs of replicas
 * @param failedCommits commits of stored tokens that the database refuses
 * @param cuts connections to the database that are cut
 * @param outages of the database
 * @param lifetime of access tokens
 * @param leeway of the mode that has one
 */
record Form(
        int sessions,
        int kills,
        int stops,
        int terminations,
        int failedCommits,
        int cuts,
        int outages,
        Duration lifetime,
        Duration leeway) {

    static final Form SMALL = new Form(80, 6, 2, 2, 8, 8, 1, Duration.ofSeconds(16), Duration.ofSeconds(60));
    static final Form MEDIUM = new Form(3_000, 128, 26, 10, 55, 50, 3, Duration.ofSeconds(240), Duration.ofSeconds(60));
    static final Form LARGE =
            new Form(3_000, 510, 104, 40, 220, 200, 10, Duration.ofSeconds(240), Duration.ofSeconds(60));

    static Form ofSystemProperty() {
        return switch (System.getProperty("tokenkeep.harness.form", "small")) {
            case "small" -> SMALL;
            case "medium" -> MEDIUM;
            case "large" -> LARGE;
            default -> throw new IllegalArgumentException("tokenkeep.harness.form: small, medium or large");
        };
    }

    Form withoutFaults() {
        return new Form(sessions, 0, 0, 0, 0, 0, 0, lifetime, leeway);
    }
}
