package dev.tokenkeep.database;

import dev.tokenkeep.time.Ticker;
import java.time.Duration;

/**
 * Whether a query has waited so long that its answer is doubted. The wait is counted in ticks that come on time: a
 * process that was stopped, or had no processor, has not waited, and the answer may be there unread. Thread-safe.
 */
final class Doubt {

    static final Duration EVERY = Duration.ofMillis(100);
    private static final int TICKS = 3;
    private static final Duration LATE = EVERY.multipliedBy(2);

    private final Ticker ticker;
    private boolean waiting;
    private int ticks;
    private long lastTick;
    private volatile boolean on;

    Doubt(Ticker ticker) {
        this.ticker = ticker;
        this.lastTick = ticker.nanos();
    }

    boolean isOn() {
        return on;
    }

    synchronized void asked() {
        waiting = true;
        ticks = 0;
    }

    synchronized void answered() {
        waiting = false;
        ticks = 0;
        on = false;
    }

    /** Has to be called every {@link #EVERY}. */
    synchronized void tick() {
        long now = ticker.nanos();
        boolean late = now - lastTick > LATE.toNanos();
        lastTick = now;
        ticks = waiting && !late ? ticks + 1 : 0;
        on = ticks >= TICKS;
    }
}
