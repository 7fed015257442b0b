package dev.tokenkeep.time;

/** A monotonic clock. Only differences have a meaning, and changes of the wall clock do not affect it. */
@FunctionalInterface
public interface Ticker {

    /** Returns nanoseconds since an arbitrary point in time. */
    long nanos();
}
