package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.time.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How many token requests of a registration may be under way at once in this process. A reader who waits goes before the job
 * (CONFORMANCE L6). Sessions that have failed before get a share, so that those that hang or fail for ever leave room for the
 * others (L1): each retry that succeeds makes the share larger, one that fails makes it small again. Thread-safe.
 */
final class Permits {

    /** A reader who asks no more for so long waits no more. */
    private static final Duration WAITS = Duration.ofMillis(500);

    private final int most;
    private final int fewestRetries;
    private final int mostRetries;
    private final Map<String, Deadline> waiting = new HashMap<>();
    private int inUse;
    private int retries;
    private int retryLimit;

    Permits(int most) {
        this.most = most;
        this.fewestRetries = Math.max(1, most / 8);
        this.mostRetries = most == 1 ? 1 : most - Math.max(1, most / 4);
        this.retryLimit = fewestRetries;
    }

    /**
     * Permits of the job.
     *
     * @param number of all kinds
     * @param retries of these, how many may be used for sessions that have failed before
     */
    record Taken(int number, int retries) {}

    /** As many of {@code wanted} as readers leave. */
    synchronized Taken take(int wanted, long nowNanos) {
        waiting.values().removeIf(until -> until.remaining(nowNanos).isNegative());
        int number = Math.max(0, Math.min(wanted, available() - waiting.size()));
        int some = Math.max(0, Math.min(number, retryLimit - retries));
        inUse += number;
        retries += some;
        return new Taken(number, some);
    }

    /** What a claim did not use of them. */
    synchronized void giveBack(Taken unused) {
        inUse -= unused.number();
        retries -= unused.retries();
    }

    /** A permit for a reader, who waits for one until he has it or asks no more. */
    synchronized boolean takeFor(String session, boolean failedBefore, long nowNanos) {
        if (available() == 0 || (failedBefore && retries >= retryLimit)) {
            waiting.put(session, Deadline.after(nowNanos, WAITS));
            return false;
        }
        waiting.remove(session);
        inUse++;
        retries += failedBefore ? 1 : 0;
        return true;
    }

    synchronized void release(boolean failedBefore) {
        inUse--;
        retries -= failedBefore ? 1 : 0;
    }

    synchronized void reclassify(boolean failedBefore) {
        retries += failedBefore ? 1 : -1;
    }

    /** What came of a session that had failed before. */
    synchronized void retried(boolean succeeded) {
        retryLimit = succeeded ? Math.min(mostRetries, retryLimit + 1) : fewestRetries;
    }

    /** Whether the latest retry succeeded. */
    synchronized boolean isProven() {
        return retryLimit > fewestRetries;
    }

    synchronized int inUse() {
        return inUse;
    }

    synchronized int available() {
        return most - inUse;
    }
}
