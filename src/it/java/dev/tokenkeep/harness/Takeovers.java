package dev.tokenkeep.harness;

import dev.tokenkeep.harness.DatabaseFaults.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a session whose replica was killed in the middle of its refresh waited for the next attempt. The time without
 * a database is not counted if it delayed that: nobody can take over then.
 */
record Takeovers(List<Duration> times) {

    /** So long after the kill nobody may take over: its lease, and one more. */
    private static final long LEASES_MILLIS = Faults.LEASE.multipliedBy(2).toMillis();

    static Takeovers of(List<Entry> log, List<Outage> outages, List<Outage> ofDatabase, Map<String, Mode> modes) {
        Map<String, Long> kills = new HashMap<>();
        outages.stream()
                .filter(outage -> outage.kind() == Outage.Kind.KILL)
                .forEach(kill -> kills.put(kill.replica(), kill.fromMillis()));
        Map<String, Entry> open = new HashMap<>();
        var times = new ArrayList<Duration>();
        for (Entry entry : log) {
            Entry claim = open.remove(entry.sessionId());
            Long killed = claim == null ? null : kills.get(claim.replica());
            boolean anothers = claim != null && !claim.replica().equals(entry.replica());
            boolean cutOff = killed != null && killed > claim.atMillis() && entry.atMillis() > killed;
            if (cutOff && anothers && forgiving(modes, entry)) {
                long away = ofDatabase.stream()
                        .mapToLong(outage -> outage.millisBetween(killed + LEASES_MILLIS, entry.atMillis()))
                        .sum();
                times.add(Duration.ofMillis(entry.atMillis() - killed - away));
            }
            if (entry.kind() == Entry.Kind.CLAIM) {
                open.put(entry.sessionId(), entry);
            }
        }
        times.sort(null);
        return new Takeovers(times);
    }

    private static boolean forgiving(Map<String, Mode> modes, Entry entry) {
        Mode mode = modes.get(entry.sessionId());
        return mode != null && mode.forgiving();
    }

    /** Zero if there were none. */
    Duration percentile(int percent) {
        return times.isEmpty() ? Duration.ZERO : times.get((int) Math.ceil(times.size() * percent / 100.0) - 1);
    }
}
