import java.util.List;
import java.util.stream.IntStream;

/** What several rounds have measured. */
final class Samples {

    private Samples() {}

    static double median(List<Double> samples) {
        double[] sorted = samples.stream().mapToDouble(one -> one).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Each of the same round. */
    static List<Double> ratios(List<Double> a, List<Double> b) {
        return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) / b.get(i)).toList();
    }

    /** The median, and the least and the most. */
    static String spread(List<Double> samples, String format) {
        double least = samples.stream().mapToDouble(one -> one).min().orElseThrow();
        double most = samples.stream().mapToDouble(one -> one).max().orElseThrow();
        return "**" + format.formatted(median(samples)) + "** (" + format.formatted(least) + "–"
                + format.formatted(most) + ")";
    }
}
