package dev.tokenkeep.time;

import java.time.Duration;

/**
 * A point in time of one {@link Ticker}.
 *
 * @param nanos the ticker's reading at that time
 */
public record Deadline(long nanos) {

    /** Returns the deadline {@code wait} after the reading {@code fromNanos}. */
    public static Deadline after(long fromNanos, Duration wait) {
        return new Deadline(fromNanos + wait.toNanos());
    }

    /** Returns the time left at the reading {@code nowNanos}; negative once the deadline has passed. */
    public Duration remaining(long nowNanos) {
        return Duration.ofNanos(nanos - nowNanos);
    }
}
