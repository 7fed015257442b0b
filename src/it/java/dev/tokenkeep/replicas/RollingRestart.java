package dev.tokenkeep.replicas;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of restarts under load.
 *
 * @param failures of reads, each as callers saw it
 * @param retried requests that the balancer tried again
 */
record RollingRestart(
        String balancer,
        long reads,
        List<String> failures,
        long retried,
        int refreshes,
        int spentTwice,
        List<Restart> restarts) {

    /**
     * @param drained from SIGTERM to the exit
     * @param held sessions that it held at SIGTERM
     * @param left sessions that it held at its exit
     */
    record Restart(Duration drained, int exitCode, long held, long left) {}

    long leasesLeft() {
        return restarts.stream().mapToLong(Restart::left).sum();
    }

    String table() {
        List<Duration> drained =
                restarts.stream().map(Restart::drained).sorted().toList();
        return """
                | restarts of three replicas, one after the other, behind %s | |
                |---|---|
                | restarts | %d |
                | reads, of them failed | %d, **%d** |
                | requests that the balancer tried again | %d |
                | refreshes | %d |
                | refresh tokens spent twice | **%d** |
                | sessions being refreshed by the replica at SIGTERM, at its exit | %d, **%d** |
                | from SIGTERM to the exit: p50, longest | %.1f s, %.1f s |
                | exit codes | %s |
                """.formatted(
                        balancer,
                        restarts.size(),
                        reads,
                        failures.size(),
                        retried,
                        refreshes,
                        spentTwice,
                        restarts.stream().mapToLong(Restart::held).sum(),
                        leasesLeft(),
                        seconds(drained.get(drained.size() / 2)),
                        seconds(drained.get(drained.size() - 1)),
                        restarts.stream()
                                .collect(Collectors.groupingBy(Restart::exitCode, Collectors.counting()))
                                .entrySet()
                                .stream()
                                .map(code -> code.getKey() + " (" + code.getValue() + " times)")
                                .collect(Collectors.joining(", ")));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
