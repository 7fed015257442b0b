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
 * Remembers in memory which targets this replica's callers have read, and when their tokens are due. A token that was read
 * is replaced once ahead of time. If nobody reads the new one, nothing more is sent.
 */
@Singleton
class ReadTargets {

    /** Further ones get their tokens when they are read. */
    private static final int MAX_READ = 100_000;

    private final Map<Read, Deadline> read = new ConcurrentHashMap<>();
    private final Ticker ticker;

    ReadTargets(Ticker ticker) {
        this.ticker = ticker;
    }

    /** A target of a session. */
    record Read(String sessionId, String registration, String target) {}

    /** @param dueIn how long until its token is got again */
    void note(Read one, Duration dueIn) {
        if (read.size() < MAX_READ) {
            read.putIfAbsent(one, Deadline.after(ticker.nanos(), dueIn));
        }
    }

    /** Returns those that are due, once for each. */
    List<Read> takeDue() {
        long now = ticker.nanos();
        var due = new ArrayList<Read>();
        for (var one : read.entrySet()) {
            if (one.getValue().remaining(now).isNegative() && read.remove(one.getKey(), one.getValue())) {
                due.add(one.getKey());
            }
        }
        return due;
    }
}
