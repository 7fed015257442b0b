package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the refreshes in flight, in total and per registration. A refresh counts from just before its claim until its
 * result is stored.
 */
@Singleton
public class InFlightRefreshes {

    /** Limits the responses of a registration that are not stored yet, because a crash loses them. */
    private static final int MAX_UNSTORED = 64;
    /** How many refreshes a process has memory and sockets for. */
    private static final int VERY_MANY = 1_000;

    private static final int FEW = 2;
    /** How many registrations may begin one refresh each beside a registration that has begun very many. */
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
     * Begins up to {@code wanted} refreshes and returns how many. Responses must not come faster than the database
     * stores them. If very many are in flight, each registration may have only a few, so that registrations whose
     * servers hang leave room for the others. If very many were begun just now, only a registration without any may
     * begin one, so that a long backlog of one registration leaves room for the others; once those are many too, none
     * begins. None begins after {@link #close}.
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

    /** Begins one refresh that a caller waits for, even if very many were begun just now. Returns whether it began. */
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
        return registration.limits().maxConcurrency() + MAX_UNSTORED;
    }

    /**
     * Sets how many refreshes of each registration have been waiting for their authorization servers for a while. They
     * take nothing from the others, so they do not count as begun just now.
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

    /**
     * Waits at most {@code atMost} while very many refreshes of many registrations were begun just now. Returns whether
     * there is room.
     */
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

    /** Lets no refresh begin from now on. */
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

    /** Waits at most {@code atMost} until no refresh is in flight. Returns how many still are. */
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
