package dev.tokenkeep.harness;

import dev.tokenkeep.harness.DatabaseFaults.Standing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the ledger says of one mode.
 *
 * @param refreshes token requests that brought tokens
 * @param spentTwice refresh tokens that came to the authorization server twice; none are counted where they are not rotated
 * @param familiesRevoked families that were revoked for reuse
 * @param forks refresh tokens of which two successors were used: the chain is no line
 * @param ended sessions that need their user to sign in again
 * @param excused of those, the ones whose refresh token was spent by a request that a kill, a stop or an answer beyond the
 *     hard cap cut off, and that say so
 * @param unexplained what the ledger has of those that are not excused
 * @param falselyEnded of those, the ones whose refresh token was never refused
 */
record Verdict(
        Mode mode,
        int sessions,
        long refreshes,
        int spentTwice,
        int familiesRevoked,
        int forks,
        int ended,
        int excused,
        int falselyEnded,
        List<String> unexplained) {

    static Verdict of(Mode mode, List<LedgerLine> ledger, List<Standing> sessions, List<Outage> outages) {
        Map<String, List<LedgerLine>> families =
                ledger.stream().filter(line -> line.mode() == mode).collect(Collectors.groupingBy(LedgerLine::family));
        List<Standing> own =
                sessions.stream().filter(session -> session.mode() == mode).toList();
        List<Standing> ended = own.stream()
                .filter(session -> !session.status().equals("ACTIVE"))
                .toList();
        return new Verdict(
                mode,
                own.size(),
                families.values().stream()
                        .flatMap(List::stream)
                        .filter(LedgerLine::refreshed)
                        .count(),
                mode == Mode.NONE
                        ? 0
                        : families.values().stream().mapToInt(Verdict::twice).sum(),
                mode == Mode.NONE || mode == Mode.STRICT
                        ? 0
                        : (int) families.values().stream()
                                .filter(Verdict::refused)
                                .count(),
                families.values().stream().mapToInt(Verdict::forks).sum(),
                ended.size(),
                (int) ended.stream()
                        .filter(session -> excused(session, family(families, session), outages))
                        .count(),
                (int) ended.stream()
                        .filter(session -> !refused(family(families, session)))
                        .count(),
                ended.stream()
                        .filter(session -> !excused(session, family(families, session), outages))
                        .map(session -> session + " " + family(families, session))
                        .toList());
    }

    private static List<LedgerLine> family(Map<String, List<LedgerLine>> families, Standing session) {
        return families.getOrDefault(session.subject(), List.of());
    }

    private static int twice(List<LedgerLine> family) {
        var once = new HashSet<Integer>();
        var twice = new HashSet<Integer>();
        family.forEach(line -> {
            if (!once.add(line.number())) {
                twice.add(line.number());
            }
        });
        return twice.size();
    }

    private static boolean refused(List<LedgerLine> family) {
        return family.stream().anyMatch(line -> line.status() == 400);
    }

    /** Used are the successors that were spent in their turn. */
    private static int forks(List<LedgerLine> family) {
        Set<Integer> used = family.stream()
                .filter(LedgerLine::refreshed)
                .map(LedgerLine::number)
                .collect(Collectors.toSet());
        Map<Integer, Set<Integer>> usedSuccessors = new HashMap<>();
        family.stream().filter(LedgerLine::refreshed).forEach(line -> {
            int successor = line.successor().getAsInt();
            if (successor != line.number() && used.contains(successor)) {
                usedSuccessors
                        .computeIfAbsent(line.number(), number -> new HashSet<>())
                        .add(successor);
            }
        });
        return (int)
                usedSuccessors.values().stream().filter(all -> all.size() > 1).count();
    }

    private static boolean excused(Standing session, List<LedgerLine> family, List<Outage> outages) {
        return session.status().equals("REAUTHENTICATION_REQUIRED")
                && session.failureCode().equals("outcome_unknown")
                && fatalRefusal(session.mode(), family)
                        .map(refusal -> family.stream()
                                .anyMatch(spent -> spent.refreshed()
                                        && spent.number() == refusal.number()
                                        && cutOff(spent, outages)))
                        .orElse(false);
    }

    /** A family dies of the first refusal; where only the refresh token is refused, its successor may still turn up. */
    private static Optional<LedgerLine> fatalRefusal(Mode mode, List<LedgerLine> family) {
        return family.stream()
                .filter(line -> line.status() == 400)
                .reduce((first, later) -> mode == Mode.STRICT ? later : first);
    }

    private static boolean cutOff(LedgerLine spent, List<Outage> outages) {
        return spent.overrun() || outages.stream().anyMatch(outage -> outage.cutOff(spent));
    }
}
