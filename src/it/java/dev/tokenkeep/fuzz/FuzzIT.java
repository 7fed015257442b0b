package dev.tokenkeep.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Runs Jazzer on the targets, in a process of its own, for {@code tokenkeep.fuzz.seconds} and from the seed
 * {@code tokenkeep.fuzz.seed}. Inputs that fail are left in {@code target/fuzz}.
 */
class FuzzIT {

    private static final Path FOLDER = Path.of("target", "fuzz").toAbsolutePath();
    private static final Path SEEDS = Path.of("src", "test", "resources", "fuzz");
    private static final Pattern COUNT = Pattern.compile("Read by (\\w+): (\\d+)");
    private static final int FEWEST = 50;
    private static final int MOST_FINDINGS = 10;

    private final int seconds = Integer.getInteger("tokenkeep.fuzz.seconds", 20);
    private final long seed = Long.getLong("tokenkeep.fuzz.seed", System.currentTimeMillis() % 1_000_000_000 + 1);

    @Test
    void noInputDoesWhatItMustNot() throws Exception {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        Path log = Files.createDirectories(FOLDER).resolve("log");
        Process fuzzer = new ProcessBuilder(command())
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(fuzzer.waitFor(seconds + 300L, TimeUnit.SECONDS)).isTrue();
        } finally {
            fuzzer.destroyForcibly();
        }
        String told = Files.readString(log, UTF_8);
        System.out.printf("Fuzzed for %d s from the seed %d: %s%n", seconds, seed, counts(told));
        assertThat(fuzzer.exitValue())
                .as("seed %d, the whole of it in %s:%n%s", seed, log, findings(told))
                .isZero();
        assertThat(counts(told))
                .containsOnlyKeys(FuzzTargets.NAMES)
                .allSatisfy((target, inputs) -> assertThat(inputs).isGreaterThan(FEWEST));
    }

    private List<String> command() throws IOException {
        Path learnt = Files.createDirectories(FOLDER.resolve("corpus"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzTargets.class.getName(),
                "--instrumentation_includes=dev.tokenkeep.**",
                "--custom_hook_includes=dev.tokenkeep.**",
                "--keep_going=" + MOST_FINDINGS,
                "--reproducer_path=" + FOLDER,
                learnt.toString(),
                seeds().toString(),
                "-artifact_prefix=" + FOLDER + File.separator,
                "-max_total_time=" + seconds,
                "-seed=" + seed,
                "-max_len=4096",
                "-timeout=30",
                "-rss_limit_mb=0");
    }

    /** Without JUnit: where it is, Jazzer looks for tests. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().contains("junit"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Every line of the targets' files as an input. */
    private static Path seeds() throws IOException {
        Path seeds = Files.createDirectories(FOLDER.resolve("seeds"));
        for (String target : FuzzTargets.NAMES) {
            int line = 0;
            for (String seed : Files.readAllLines(SEEDS.resolve(target + ".seeds"), UTF_8)) {
                Files.writeString(
                        seeds.resolve(target + "-" + ++line), FuzzTargets.NAMES.indexOf(target) + seed, UTF_8);
            }
        }
        return seeds;
    }

    private static Map<String, Integer> counts(String told) {
        var counts = new HashMap<String, Integer>();
        COUNT.matcher(told).results().forEach(found -> counts.put(found.group(1), Integer.valueOf(found.group(2))));
        return counts;
    }

    private static String findings(String told) {
        return told.lines()
                .filter(line -> !line.startsWith("INFO:") && !line.startsWith("#"))
                .limit(200)
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
