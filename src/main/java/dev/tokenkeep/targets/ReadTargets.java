package dev.tokenkeep.targets;

import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers in memory which targets this replica's callers have read, and when their tokens are due. A token is got ahead of
 * time once for the reads of the one before it, so that those nobody reads any more cost nothing.
 */
@Singleton
class ReadTargets {

    /** Further ones get their tokens when they are read. */
    private static final int MOST = 100_000;

    private final Map<Read, Deadline> read = new ConcurrentHashMap<>();
    private final Ticker ticker;

    ReadTargets(Ticker ticker) {
        this.ticker = ticker;
    }

    /** A target of a session. */
    record Read(String sessionId, String target) {}

    /** @param dueIn how long until its token is got again */
    void note(String sessionId, String target, Duration dueIn) {
        if (read.size() < MOST) {
            read.putIfAbsent(new Read(sessionId, target), Deadline.after(ticker.nanos(), dueIn));
        }
    }

    /** Returns up to {@code most} that are due, once for each. */
    List<Read> takeDue(int most) {
        long now = ticker.nanos();
        var due = new ArrayList<Read>();
        for (var one : read.entrySet()) {
            if (due.size() < most
                    && one.getValue().remaining(now).isNegative()
                    && read.remove(one.getKey(), one.getValue())) {
                due.add(one.getKey());
            }
        }
        return due;
    }
}
