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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final Map<String, Integer> counts = new HashMap<>();

    /** How many more may be claimed, so that answers do not come faster than the database takes them. */
    int room(ClientRegistration registration) {
        lock.lock();
        try {
            int count = counts.getOrDefault(registration.name(), 0);
            return Math.max(0, registration.maxConcurrency() + MOST_UNSTORED - count);
        } finally {
            lock.unlock();
        }
    }

    void begun(ClientRegistration registration, int refreshes) {
        lock.lock();
        try {
            counts.merge(registration.name(), refreshes, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    void over(ClientRegistration registration, int refreshes) {
        lock.lock();
        try {
            counts.merge(registration.name(), -refreshes, Integer::sum);
            if (count() == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
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
