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
    private final Condition room = lock.newCondition();
    private final Map<String, Integer> counts = new HashMap<>();
    private int all;
    private int slow;
    private boolean closed;

    /**
     * Begins up to {@code wanted} refreshes and answers how many: so many that answers do not come faster than the database
     * takes them; where there are very many already, few of each registration, so that those whose servers hang leave the
     * others some; none where very many were begun just now, or once it is closed.
     */
    int begin(ClientRegistration registration, int wanted) {
        lock.lock();
        try {
            return all - slow < most(registration) ? add(registration, Math.min(wanted, room(registration))) : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Begins one that somebody waits for, also where very many were begun just now. */
    boolean beginAwaited(ClientRegistration registration) {
        lock.lock();
        try {
            return add(registration, Math.min(1, room(registration))) == 1;
        } finally {
            lock.unlock();
        }
    }

    private int room(ClientRegistration registration) {
        int count = counts.getOrDefault(registration.name(), 0);
        int most = all < most(registration) ? own(registration) : FEW;
        return closed ? 0 : Math.max(0, most - count);
    }

    private static int most(ClientRegistration registration) {
        return Math.max(VERY_MANY, own(registration));
    }

    private static int own(ClientRegistration registration) {
        return registration.maxConcurrency() + MOST_UNSTORED;
    }

    /**
     * So many have been waiting for their servers for a while: they take nothing from the others, and are not counted with those
     * that were begun just now.
     */
    void slow(int number) {
        lock.lock();
        try {
            slow = number;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while very many were begun just now, {@code atMost} that long. */
    void awaitRoom(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!closed && all - slow >= VERY_MANY && left > 0) {
                left = room.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on nothing begins. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int add(ClientRegistration registration, int refreshes) {
        all += refreshes;
        counts.compute(registration.name(), (name, before) -> {
            int after = refreshes + (before == null ? 0 : before);
            return after == 0 ? null : after;
        });
        return refreshes;
    }

    void over(ClientRegistration registration, int refreshes) {
        lock.lock();
        try {
            add(registration, -refreshes);
            if (all - slow < VERY_MANY) {
                room.signalAll();
            }
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
