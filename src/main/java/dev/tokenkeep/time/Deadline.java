package dev.tokenkeep.time;

import java.time.Duration;

/**
 * A moment of one {@link Ticker}.
 *
 * @param nanos the ticker's reading at that moment
 */
public record Deadline(long nanos) {

    /** {@code wait} after the reading {@code fromNanos}. */
    public static Deadline after(long fromNanos, Duration wait) {
        return new Deadline(fromNanos + wait.toNanos());
    }

    /** What is left at the reading {@code nowNanos}; negative once it has passed. */
    public Duration remaining(long nowNanos) {
        return Duration.ofNanos(nanos - nowNanos);
    }
}
