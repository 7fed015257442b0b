package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets one request at a time test whether an authorization server works. A test that hangs does not block the next one.
 * Thread-safe.
 */
final class Probe {

    private final AtomicReference<@Nullable Deadline> running = new AtomicReference<>();
    private final Duration longest;
    private final Ticker ticker;

    /** @param longest the time after which another probe may begin */
    Probe(Duration longest, Ticker ticker) {
        this.longest = longest;
        this.ticker = ticker;
    }

    /** Begins a probe. Returns false while another one is running. */
    boolean begin() {
        long now = ticker.nanos();
        Deadline last = running.get();
        return (last == null || last.remaining(now).isNegative())
                && running.compareAndSet(last, Deadline.after(now, longest));
    }

    void end() {
        running.set(null);
    }
}
