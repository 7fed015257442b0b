package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The one request that shows how an authorization server is. One that hangs does not keep the next one waiting. Thread-safe. */
final class Probe {

    private final AtomicReference<@Nullable Deadline> running = new AtomicReference<>();
    private final Duration longest;
    private final Ticker ticker;

    /** @param longest after which another one may begin */
    Probe(Duration longest, Ticker ticker) {
        this.longest = longest;
        this.ticker = ticker;
    }

    /** Whether it began; not while another one is running. */
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
