package dev.tokenkeep.operations;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.upkeep.SessionCounts;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts the sessions of each status, at most once a minute, because a count reads whole indexes. If a count takes
 * long, the interval grows so that counting takes at most a hundredth of the time.
 */
@Singleton
class StatusCounts {

    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int SHARE = 100;

    private final Supplier<Map<String, Map<SessionStatus, Long>>> count;
    private final Ticker ticker;
    private Map<String, Map<SessionStatus, Long>> counted = Map.of();
    private long startedNanos;
    private long waitNanos;

    @Inject
    StatusCounts(SessionCounts counts, Ticker ticker) {
        this(counts::byStatus, ticker);
    }

    StatusCounts(Supplier<Map<String, Map<SessionStatus, Long>>> count, Ticker ticker) {
        this.count = count;
        this.ticker = ticker;
    }

    /** Returns the latest counts, by registration. */
    synchronized Map<String, Map<SessionStatus, Long>> recent() {
        long now = ticker.nanos();
        if (waitNanos == 0 || now - startedNanos >= waitNanos) {
            startedNanos = now;
            try {
                counted = count.get();
            } finally {
                waitNanos = Math.max(QUIET.toNanos(), SHARE * (ticker.nanos() - now));
            }
        }
        return counted;
    }
}
