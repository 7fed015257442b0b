package dev.tokenkeep.time;

/** Monotonic time: only differences mean anything, and no wall clock moves them. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary moment. */
    long nanos();
}
