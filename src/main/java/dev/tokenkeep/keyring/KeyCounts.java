package dev.tokenkeep.keyring;

import dev.tokenkeep.session.upkeep.KeyUse;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;

/** Counts the rows of each key from time to time, because a count reads a whole index. */
@Singleton
class KeyCounts {

    private final KeyUse keyUse;
    private final Ticker ticker;
    private Counted counted = new Counted(Map.of(), 0, false);

    private record Counted(Map<String, Long> rows, long atNanos, boolean ever) {}

    KeyCounts(KeyUse keyUse, Ticker ticker) {
        this.keyUse = keyUse;
        this.ticker = ticker;
    }

    /** Returns counts that are at most {@code age} old. */
    synchronized Map<String, Long> notOlderThan(Duration age) {
        Counted known = counted;
        if (known.ever() && ticker.nanos() - known.atNanos() < age.toNanos()) {
            return known.rows();
        }
        Map<String, Long> rows = Map.copyOf(keyUse.rowsByKey());
        counted = new Counted(rows, ticker.nanos(), true);
        return rows;
    }
}
