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
public class InFlightRefreshes {

    /** What a crash may cost is what was answered and is not stored. */
    private static final int MOST_UNSTORED = 64;
    /** What a process has memory and sockets for. */
    private static final int VERY_MANY = 1_000;

    private static final int FEW = 2;
    /** So many registrations begin one each beside a registration that has begun very many. */
    private static final int MANY_REGISTRATIONS = 250;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Map<String, Integer> counts = new HashMap<>();
    private int all;
    private int slow;
    private int slowRegistrations;
    private boolean closed;

    /**
     * Begins up to {@code wanted} refreshes and answers how many: so many that answers do not come faster than the database
     * takes them; where there are very many already, few of each registration, so that those whose servers hang leave the
     * others some; where very many were begun just now, one of a registration that has none, so that a registration with a long
     * backlog leaves the others one, and none once those are many too; none once it is closed.
     */
    int begin(ClientRegistration registration, int wanted) {
        lock.lock();
        try {
            return add(registration, Math.min(wanted, Math.min(room(registration), roomBesideOthers(registration))));
        } finally {
            lock.unlock();
        }
    }

    private int roomBesideOthers(ClientRegistration registration) {
        if (all - slow < most(registration)) {
            return Integer.MAX_VALUE;
        }
        return counts.containsKey(registration.name()) || areManyRegistrations() ? 0 : 1;
    }

    private boolean areManyRegistrations() {
        return counts.size() - slowRegistrations >= MANY_REGISTRATIONS;
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
        return registration.limits().maxConcurrency() + MOST_UNSTORED;
    }

    /**
     * So many of each registration have been waiting for their servers for a while: they take nothing from the others, and are
     * not counted with those that were begun just now.
     */
    void slow(Map<String, Integer> numbers) {
        lock.lock();
        try {
            slow = numbers.values().stream().mapToInt(Integer::intValue).sum();
            slowRegistrations = (int) numbers.entrySet().stream()
                    .filter(one -> counts.getOrDefault(one.getKey(), 0) <= one.getValue())
                    .count();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while very many of many registrations were begun just now, {@code atMost} that long; whether there is room. */
    boolean awaitRoom(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!closed && isFull() && left > 0) {
                left = room.awaitNanos(left);
            }
            return !closed && !isFull();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return all - slow >= VERY_MANY && areManyRegistrations();
    }

    /** From now on nothing begins. */
    public void close() {
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
            if (!isFull()) {
                room.signalAll();
            }
            if (all == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    public int count() {
        lock.lock();
        try {
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are none, {@code atMost} that long; answers how many there still are. */
    public int awaitNone(Duration atMost) {
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
