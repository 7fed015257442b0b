package dev.tokenkeep.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A right to send a request until a point in time of one {@link Ticker}; it can be renewed. Records whether the request
 * was sent and its response is awaited. Thread-safe.
 */
public final class Lease {

    private volatile Deadline end;
    private volatile @Nullable Deadline awaitedSince;

    public Lease(Deadline end) {
        this.end = end;
    }

    /** Returns the time left at the reading {@code nowNanos}; negative once the lease has ended. */
    public Duration remaining(long nowNanos) {
        return end.remaining(nowNanos);
    }

    public void renew(Deadline newEnd) {
        end = newEnd;
    }

    /** Records that a response is awaited from the reading {@code nowNanos} on. */
    public void sent(long nowNanos) {
        awaitedSince = new Deadline(nowNanos);
    }

    /** Records that no response is awaited any more. */
    public void answered() {
        awaitedSince = null;
    }

    /** Returns whether a response has been awaited since before the reading {@code nanos}. */
    public boolean awaitsAnswerSince(long nanos) {
        Deadline since = awaitedSince;
        return since != null && since.remaining(nanos).isNegative();
    }
}
