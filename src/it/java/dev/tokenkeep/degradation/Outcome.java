package dev.tokenkeep.degradation;

import dev.tokenkeep.degradation.Scenario.Kept;
import dev.tokenkeep.testing.TokenRequest;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a scenario came to.
 *
 * @param lost sessions that are not active any more
 * @param falselyEnded of these, all but the ones whose tokens got lost between the server and us: it had spent the refresh token, and
 *     nobody has the next one, though it was asked for again where it can be
 * @param spentTwice refresh tokens that came twice
 * @param fewestRefreshes of any good session, from the beginning of the trouble on
 * @param fewestTries of any bad session, from then on
 * @param recoveryMillis from the end of the trouble until every session that is well had a token that lives
 */
record Outcome(
        Scenario scenario,
        int lost,
        List<Kept> falselyEnded,
        int spentTwice,
        long fewestRefreshes,
        OptionalLong fewestTries,
        long recoveryMillis) {

    /**
     * Judges by the requests that the server saw.
     *
     * @param lostIds the sessions that are not active
     */
    static Outcome of(Scenario scenario, List<String> lostIds, Death death, long degradedMillis, long recoveryMillis) {
        List<Kept> lost = scenario.sessions.stream()
                .filter(session -> lostIds.contains(session.id()))
                .toList();
        return new Outcome(
                scenario,
                lost.size(),
                lost.stream()
                        .filter(session -> !isUnavoidable(scenario, session, death))
                        .toList(),
                scenario.spentTwice(),
                fewest(scenario, false, request -> request.status() == 200 && request.cameMillis() >= degradedMillis)
                        .orElse(0),
                fewest(scenario, true, request -> request.cameMillis() >= degradedMillis),
                recoveryMillis);
    }

    /** Where a spent refresh token is taken again for a while, it has to have come again, and no answer may have arrived. */
    private static boolean isUnavoidable(Scenario scenario, Kept session, Death death) {
        Predicate<TokenRequest> unheard = request -> request.trouble().losesTokens() || death.cutOff(session, request);
        List<TokenRequest> requests = scenario.requestsOf(session);
        if (scenario.rotation != Scenario.Rotation.LEEWAY) {
            return requests.stream().anyMatch(unheard);
        }
        return requests.stream().collect(Collectors.groupingBy(TokenRequest::refreshToken)).values().stream()
                .map(Outcome::withinTheLeeway)
                .anyMatch(same -> same.size() > 1 && same.stream().allMatch(unheard));
    }

    private static List<TokenRequest> withinTheLeeway(List<TokenRequest> same) {
        long first = same.stream().mapToLong(TokenRequest::spentMillis).min().orElseThrow();
        return same.stream()
                .filter(request -> request.spentMillis() <= first + Scenario.LEEWAY.toMillis())
                .toList();
    }

    private static OptionalLong fewest(Scenario scenario, boolean bad, Predicate<TokenRequest> counted) {
        return scenario.sessions.stream()
                .filter(session -> session.bad() == bad)
                .mapToLong(session ->
                        scenario.requestsOf(session).stream().filter(counted).count())
                .min();
    }

    /** Every request of the sessions that were falsely ended. */
    String requests(long fromMillis) {
        return falselyEnded.stream()
                .flatMap(session -> scenario.requestsOf(session).stream()
                        .map(request -> "%s %s %s +%.1f s %d %s"
                                .formatted(
                                        scenario.registration,
                                        session.id(),
                                        request.replica(),
                                        (request.cameMillis() - fromMillis) / 1000.0,
                                        request.status(),
                                        request.trouble())))
                .collect(Collectors.joining("\n"));
    }

    String row(GoodReaders.Count reads) {
        return "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %s | %.1f s |"
                .formatted(
                        scenario.registration,
                        scenario.sessions.size(),
                        lost,
                        falselyEnded.size(),
                        spentTwice,
                        reads.reads.get(),
                        reads.withheld.get(),
                        reads.unserved.get(),
                        fewestRefreshes,
                        fewestTries.isPresent() ? fewestTries.getAsLong() : "–",
                        recoveryMillis / 1000.0);
    }

    static final String HEAD = """
            | | sessions | lost | falsely ended | spent twice | reads of good sessions | good tokens withheld | no token | refreshes of each good one, at least | tries of each bad one, at least | recovery |
            |---|---|---|---|---|---|---|---|---|---|---|""";
}
