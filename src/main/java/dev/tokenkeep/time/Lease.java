package dev.tokenkeep.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A right to send something that ends at a moment of one {@link Ticker}, unless it is renewed before. Knows whether it was sent and
 * its answer is awaited. Thread-safe.
 */
public final class Lease {

    private volatile Deadline end;
    private volatile @Nullable Deadline awaitedSince;

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

    /** From the reading {@code nowNanos} on an answer is awaited. */
    public void sent(long nowNanos) {
        awaitedSince = new Deadline(nowNanos);
    }

    /** No answer is awaited any more. */
    public void answered() {
        awaitedSince = null;
    }

    /** Whether an answer has been awaited since before the reading {@code nanos}. */
    public boolean awaitsAnswerSince(long nanos) {
        Deadline since = awaitedSince;
        return since != null && since.remaining(nanos).isNegative();
    }
}
