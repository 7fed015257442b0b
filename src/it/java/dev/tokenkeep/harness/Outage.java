package dev.tokenkeep.harness;

/**
 * What a replica or the database suffered.
 *
 * @param replica the process, by the name it has in the ledger and the database; "database" for the database
 * @param fromMillis wall clock, just before the signal
 * @param untilMillis wall clock, when it went on; for a kill never: what its last moments sent arrives a little later, and is
 *     stored by nobody
 */
record Outage(String replica, Kind kind, long fromMillis, long untilMillis) {

    static Outage kill(String replica, long atMillis) {
        return new Outage(replica, Kind.KILL, atMillis, Long.MAX_VALUE);
    }

    static Outage stop(String replica, long fromMillis, long untilMillis) {
        return new Outage(replica, Kind.STOP, fromMillis, untilMillis);
    }

    static Outage ofDatabase(long fromMillis, long untilMillis) {
        return new Outage("database", Kind.AWAY, fromMillis, untilMillis);
    }

    enum Kind {
        KILL,
        STOP,
        AWAY
    }

    /** How much of a time it took up. */
    long millisBetween(long startMillis, long endMillis) {
        return Math.max(0, Math.min(endMillis, untilMillis) - Math.max(startMillis, fromMillis));
    }

    /** Whether what was sent at {@code sentMillis} may have been cut off by it. */
    boolean cutOff(LedgerLine request) {
        // An answer is stored at once, unless the database is away: its outages are shorter than this.
        long latest = request.spentMillis() + 12_000;
        return replica.equals(request.replica()) && untilMillis >= request.cameMillis() && fromMillis <= latest;
    }
}
