package dev.tokenkeep.harness;

import dev.tokenkeep.testing.Trouble;
import java.time.Duration;
import java.util.Random;

/**
 * Troubles of an authorization server at random: always some latency; while they are on, answers and requests that take longer
 * than a lease, and, where that costs no session, answers that get lost.
 */
final class RandomTroubles {

    private static final int LEAST_LATENCY_MILLIS = 20;
    private static final int LATENCY_MILLIS = 120;

    private final Mode mode;
    private final Random random;
    private volatile boolean on;

    RandomTroubles(Mode mode, long seed) {
        this.mode = mode;
        this.random = new Random(seed);
    }

    void on(boolean troubles) {
        on = troubles;
    }

    synchronized Trouble next() {
        Duration latency = Duration.ofMillis(LEAST_LATENCY_MILLIS + random.nextInt(LATENCY_MILLIS));
        int dice = random.nextInt(1000);
        if (!on || dice >= 12) {
            return new Trouble(Duration.ZERO, latency, false);
        }
        if (dice < 3) {
            return new Trouble(Duration.ZERO, Duration.ofMillis(5_200 + random.nextInt(3_000)), false);
        }
        if (!mode.forgiving()) {
            return new Trouble(Duration.ofMillis(random.nextInt(3_000)), latency, false);
        }
        return dice < 6
                ? new Trouble(Duration.ofMillis(9_000 + random.nextInt(3_000)), latency, false)
                : new Trouble(Duration.ZERO, latency, true);
    }
}
