package dev.tokenkeep.keyring;

import java.time.Duration;

/** So many rows a second, with what was not used of the last few seconds. Not thread-safe. */
final class RowRateLimiter {

    private static final Duration SAVED = Duration.ofSeconds(5);

    private final int rowsPerSecond;
    private long paidUntil;

    /** @param nanos now, by the ticker of all calls */
    RowRateLimiter(int rowsPerSecond, long nanos) {
        this.rowsPerSecond = rowsPerSecond;
        this.paidUntil = nanos - Duration.ofSeconds(1).toNanos();
    }

    /** How many rows may be done now. */
    int allowed(long nanos) {
        paidUntil = Math.max(paidUntil, nanos - SAVED.toNanos());
        return (int) Math.max(0, (nanos - paidUntil) / nanosPerRow());
    }

    void spend(int rows) {
        paidUntil += rows * nanosPerRow();
    }

    private long nanosPerRow() {
        return Duration.ofSeconds(1).toNanos() / rowsPerSecond;
    }
}
