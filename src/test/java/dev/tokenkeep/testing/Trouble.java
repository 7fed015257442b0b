package dev.tokenkeep.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What goes wrong with one token request on its way to the authorization server and back.
 *
 * @param beforeSpending how long the request takes to be worked on
 * @param beforeAnswer how long its answer takes, the refresh token spent
 * @param drop whether the connection is closed instead of answering, the refresh token spent
 */
public record Trouble(Duration beforeSpending, Duration beforeAnswer, boolean drop) {

    public static final Trouble NONE = new Trouble(Duration.ZERO, Duration.ZERO, false);

    void before() {
        pass(beforeSpending);
    }

    void after() {
        pass(beforeAnswer);
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
