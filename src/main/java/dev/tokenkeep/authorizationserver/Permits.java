package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.time.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits how many token requests of a registration are under way at once in this process. Callers that wait go before
 * the job (CONFORMANCE L6). Sessions that have failed before get only a share, so that sessions that hang or always
 * fail leave room for the others (L1). Each retry that succeeds makes the share larger; one that fails makes it small
 * again. Thread-safe.
 */
final class Permits {

    /** A caller that has not asked again for this long no longer waits. */
    private static final Duration WAITS = Duration.ofMillis(500);

    private int most;
    private int fewestRetries;
    private int mostRetries;
    private int mostAside;
    private final Map<String, Deadline> waiting = new HashMap<>();
    private int inUse;
    private int aside;
    private int retries;
    private int retryLimit;
    private boolean proven;

    Permits(int most) {
        limit(most);
    }

    /** Changes the limit. Permits that were taken stay so, and nothing more is given until they fit. */
    final synchronized void limit(int limit) {
        if (limit != most) {
            most = limit;
            fewestRetries = Math.max(1, most / 8);
            mostRetries = most == 1 ? 1 : most - Math.max(1, most / 4);
            mostAside = Math.max(1, most / 4);
            retryLimit = fewestRetries;
        }
    }

    /**
     * Permits for the job.
     *
     * @param number the permits in total
     * @param retries how many of them may be used for sessions that have failed before
     */
    record Taken(int number, int retries) {}

    /** Takes up to {@code wanted} permits, as many as waiting callers leave. */
    synchronized Taken take(int wanted, long nowNanos) {
        int number = leftByCallers(wanted, nowNanos);
        int some = Math.max(0, Math.min(number, retryLimit - retries));
        inUse += number;
        retries += some;
        return new Taken(number, some);
    }

    private int leftByCallers(int wanted, long nowNanos) {
        waiting.values().removeIf(until -> until.remaining(nowNanos).isNegative());
        return Math.max(0, Math.min(wanted, available() - waiting.size()));
    }

    /** Gives back the permits that a claim did not use. */
    synchronized void giveBack(Taken unused) {
        inUse -= unused.number();
        retries -= unused.retries();
    }

    /**
     * Takes up to {@code wanted} permits for requests beside the sessions' own refreshes. They get only a share, so that
     * sessions are refreshed however many there are (L1).
     */
    synchronized int takeAside(int wanted, long nowNanos) {
        int number = leftByCallers(Math.min(wanted, mostAside - aside), nowNanos);
        inUse += number;
        aside += number;
        return number;
    }

    synchronized void releaseAside(int number) {
        inUse -= number;
        aside -= number;
    }

    /** Takes a permit for a caller. Without one, the caller counts as waiting until it gets one or stops asking. */
    synchronized boolean takeFor(String session, boolean failedBefore, long nowNanos) {
        if (available() <= 0 || (failedBefore && retries >= retryLimit)) {
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

    /** Records how the retry of a session that had failed before ended. */
    synchronized void retried(boolean succeeded) {
        retryLimit = succeeded ? Math.min(mostRetries, retryLimit + 1) : fewestRetries;
        proven = succeeded;
    }

    /** Returns whether the latest retry succeeded. */
    synchronized boolean isProven() {
        return proven;
    }

    synchronized int inUse() {
        return inUse;
    }

    synchronized int available() {
        return Math.max(0, most - inUse);
    }
}
