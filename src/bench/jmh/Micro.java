import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What single steps take, and what they allocate: {@code ./mvnw package -Pbench -Dbench=Micro [-Dbench.arguments=Cipher]}. */
public final class Micro {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Micro() {}

    /** @param arguments a part of the names of those that run, all if there is none */
    public static void main(String[] arguments) throws Exception {
        var options = new OptionsBuilder()
                .include("dev.tokenkeep.*" + (arguments.length == 0 ? "" : arguments[0]))
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(3)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .build();
        System.out.println(table(new Runner(options).run()));
    }

    private static String table(Collection<RunResult> results) {
        var table = new StringBuilder("| step | ns | allocated, bytes |\n|---|---|---|\n");
        for (RunResult result : results) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            table.append("| %s, %s | %,.0f ± %,.0f | %,.0f |%n"
                    .formatted(
                            name[name.length - 2].replace("Benchmark", ""),
                            name[name.length - 1],
                            result.getPrimaryResult().getScore(),
                            result.getPrimaryResult().getScoreError(),
                            allocated(result)));
        }
        return table.toString();
    }

    private static double allocated(RunResult result) {
        Result<?> found = result.getSecondaryResults().get(ALLOCATED);
        return found == null ? Double.NaN : found.getScore();
    }
}
