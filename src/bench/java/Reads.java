import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /v1/sessions/{id}/access-token} with a caller's JWT, on 64 connections, beside what can't be beaten and what
 * others have. Run it by {@code ./mvnw package -Pbench -Dbench=Reads -Dbench.arguments='[sessions] [rounds] [seconds]'}, which builds them all;
 * the chart is in {@code target/bench}.
 *
 * <p>A round loads one after the other for that long, after all have been loaded until they got no faster. Whoever is loaded has a
 * core for itself, the generator and PostgreSQL have the other. Which sessions are read is distributed by Zipf's law.
 */
public final class Reads {

    private static final List<String> FAST = List.of(
            ReadContenders.CEILING,
            ReadContenders.CEILING_JWT,
            ReadContenders.MEMORY,
            ReadContenders.UNAUDITED,
            ReadContenders.DEFAULT);
    private static final List<String> STORED = List.of(ReadContenders.FIND, ReadContenders.MISS, ReadContenders.PEER);

    private final int rounds;
    private final Duration each;
    private final ReadContenders contenders;
    private final Map<String, List<Double>> aSecond = new LinkedHashMap<>();
    private final Map<String, List<Double>> allocated = new LinkedHashMap<>();

    private Reads(int rounds, Duration each, ReadContenders contenders) {
        this.rounds = rounds;
        this.each = each;
        this.contenders = contenders;
    }

    public static void main(String[] arguments) throws Exception {
        int sessions = number(arguments, 0, 100_000);
        int rounds = number(arguments, 1, 5);
        var each = Duration.ofSeconds(number(arguments, 2, 10));
        try (var contenders = new ReadContenders(sessions)) {
            var reads = new Reads(rounds, each, contenders);
            contenders.warmUp();
            reads.saturate();
            System.out.println(reads.saturation());
            Bars.write(Path.of("target", "bench", "reads.svg"), "Reads a second, on one core", reads.aSecond);
            System.out.println(reads.latencies(FAST, ReadContenders.MEMORY));
            System.out.println(reads.latencies(STORED, ReadContenders.PEER));
        }
    }

    private static int number(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }

    private void saturate() throws Exception {
        for (int round = 1; round <= rounds; round++) {
            for (ReadContenders.Contender one : contenders.all()) {
                long before = one.allocated();
                var result = one.load().saturate(each);
                double bytes = (one.allocated() - before) / (double) result.requests();
                System.err.printf(
                        "round %d, %s: %.0f/s, %.0f bytes each%n", round, one.name(), result.aSecond(), bytes);
                aSecond.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(result.aSecond());
                allocated.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(bytes);
            }
        }
    }

    private String saturation() {
        var table = new StringBuilder("""
                | as many as it answers | reads/s | allocated for each |
                |---|---|---|
                """);
        aSecond.forEach((name, samples) -> table.append("| %s | %s | %s |%n"
                .formatted(
                        name,
                        Samples.spread(samples, "%,.0f"),
                        Samples.median(allocated.get(name)) == 0
                                ? "not told"
                                : Samples.spread(allocated.get(name), "%,.0f") + " bytes")));
        table.append("""

                | ratio | goal | measured |
                |---|---|---|
                """);
        ratio(table, aSecond, ReadContenders.MEMORY, ReadContenders.CEILING, "≥ 0.80");
        ratio(table, aSecond, ReadContenders.UNAUDITED, ReadContenders.CEILING, "");
        ratio(table, aSecond, ReadContenders.MEMORY, ReadContenders.CEILING_JWT, "≥ 0.95");
        ratio(table, aSecond, ReadContenders.MEMORY, ReadContenders.PEER, "≥ 5");
        ratio(table, aSecond, ReadContenders.MISS, ReadContenders.FIND, "≥ 0.6");
        ratio(table, aSecond, ReadContenders.MISS, ReadContenders.PEER, "");
        ratio(table, allocated, ReadContenders.MEMORY, ReadContenders.CEILING, "allocation ≤ 1.2");
        ratio(table, allocated, ReadContenders.UNAUDITED, ReadContenders.CEILING, "allocation");
        return table.toString();
    }

    private static void ratio(StringBuilder table, Map<String, List<Double>> of, String a, String b, String goal) {
        table.append("| %s : %s | %s | %s |%n"
                .formatted(a, b, goal, Samples.spread(Samples.ratios(of.get(a), of.get(b)), "%.2f")));
    }

    /** All at half of what the named one answers at most. */
    private String latencies(List<String> names, String half) throws Exception {
        double rate = Samples.median(aSecond.get(half)) / 2;
        var percentiles = List.of(50.0, 99.0, 99.9);
        var samples = new LinkedHashMap<String, List<List<Double>>>();
        for (int round = 1; round <= rounds; round++) {
            for (String name : names) {
                var result = contenders.named(name).load().atRate(rate, each);
                List<List<Double>> of = samples.computeIfAbsent(
                        name, one -> List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
                for (int i = 0; i < percentiles.size(); i++) {
                    of.get(i).add(result.millis(percentiles.get(i)));
                }
                System.err.printf("round %d, %s at %.0f/s: p99 %.2f ms%n", round, name, rate, result.millis(99));
            }
        }
        var table =
                new StringBuilder("| at %,.0f reads/s, ms | p50 | p99 | p99.9 |%n|---|---|---|---|%n".formatted(rate));
        samples.forEach((name, of) -> table.append("| %s | %s | %s | %s |%n"
                .formatted(
                        name,
                        Samples.spread(of.get(0), "%.2f"),
                        Samples.spread(of.get(1), "%.2f"),
                        Samples.spread(of.get(2), "%.2f"))));
        return table.toString();
    }
}
