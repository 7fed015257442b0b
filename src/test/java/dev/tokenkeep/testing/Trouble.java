package dev.tokenkeep.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What goes wrong with one token request on its way to the authorization server and back.
 *
 * @param beforeSpending how long the request takes to be worked on
 * @param worksOn whether it is worked on at all: then its refresh token is spent
 * @param beforeAnswer how long its answer takes
 * @param status what is answered instead of what came of it; 0 for that
 * @param drop whether the connection is closed instead of answering
 */
public record Trouble(Duration beforeSpending, boolean worksOn, Duration beforeAnswer, int status, boolean drop) {

    public static final Trouble NONE = new Trouble(Duration.ZERO, Duration.ZERO, false);

    /** Of a request that is worked on, and answered by what came of it unless the connection is closed. */
    public Trouble(Duration beforeSpending, Duration beforeAnswer, boolean drop) {
        this(beforeSpending, true, beforeAnswer, 0, drop);
    }

    /** It is worked on at once and answered late. */
    public static Trouble late(Duration beforeAnswer) {
        return new Trouble(Duration.ZERO, beforeAnswer, false);
    }

    /** It is answered by an error, whether or not it was worked on. */
    public static Trouble error(int status, boolean worksOn, Duration beforeAnswer) {
        return new Trouble(Duration.ZERO, worksOn, beforeAnswer, status, false);
    }

    /** The connection is closed after a while, and nothing was worked on. */
    public static Trouble cut(Duration after) {
        return new Trouble(Duration.ZERO, false, after, 0, true);
    }

    /** Whether its refresh token is spent and nobody learns the next one. */
    public boolean losesTokens() {
        return worksOn && (drop || status != 0);
    }

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
