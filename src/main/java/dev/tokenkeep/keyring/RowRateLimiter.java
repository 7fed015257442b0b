package dev.tokenkeep.keyring;

import java.time.Duration;

/** Limits the rows per second. What was not used in the last few seconds is added. Not thread-safe. */
final class RowRateLimiter {

    private static final Duration SAVED = Duration.ofSeconds(5);

    private final int rowsPerSecond;
    private long paidUntil;

    /** @param nanos the present reading of the ticker that all calls use */
    RowRateLimiter(int rowsPerSecond, long nanos) {
        this.rowsPerSecond = rowsPerSecond;
        this.paidUntil = nanos - Duration.ofSeconds(1).toNanos();
    }

    /** Returns how many rows may be processed now. */
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
