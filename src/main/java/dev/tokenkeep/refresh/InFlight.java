package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the refreshes from just before their claim to the end of their store, those of each registration by itself. */
@Singleton
class InFlight {

    /** What a crash may cost is what was answered and is not stored. */
    private static final int MOST_UNSTORED = 64;
    /** What a process has memory and sockets for. */
    private static final int VERY_MANY = 1_000;

    private static final int FEW = 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final Map<String, Integer> counts = new HashMap<>();
    private int all;
    private boolean closed;

    /**
     * Begins up to {@code wanted} refreshes and answers how many: so many that answers do not come faster than the database
     * takes them; where there are very many already, few of each registration, so that those whose servers hang leave the
     * others some; none once it is closed.
     */
    int begin(ClientRegistration registration, int wanted) {
        lock.lock();
        try {
            int count = counts.getOrDefault(registration.name(), 0);
            int own = registration.maxConcurrency() + MOST_UNSTORED;
            int most = all >= Math.max(VERY_MANY, own) ? FEW : own;
            int begun = closed ? 0 : Math.max(0, Math.min(wanted, most - count));
            add(registration, begun);
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** From now on nothing begins. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void add(ClientRegistration registration, int refreshes) {
        all += refreshes;
        counts.compute(registration.name(), (name, before) -> {
            int after = refreshes + (before == null ? 0 : before);
            return after == 0 ? null : after;
        });
    }

    void over(ClientRegistration registration, int refreshes) {
        lock.lock();
        try {
            add(registration, -refreshes);
            if (all == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are none, {@code atMost} that long; answers how many there still are. */
    int awaitNone(Duration atMost) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (count() > 0 && left > 0) {
                left = none.awaitNanos(left);
            }
            return count();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return count();
        } finally {
            lock.unlock();
        }
    }
}
