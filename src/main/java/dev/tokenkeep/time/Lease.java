package dev.tokenkeep.time;

import java.time.Duration;

/** A right that ends at a moment of one {@link Ticker}, unless it is renewed before. Thread-safe. */
public final class Lease {

    private volatile Deadline end;

    public Lease(Deadline end) {
        this.end = end;
    }

    /** What is left at the reading {@code nowNanos}; negative once it has ended. */
    public Duration remaining(long nowNanos) {
        return end.remaining(nowNanos);
    }

    public void renew(Deadline newEnd) {
        end = newEnd;
    }
}
