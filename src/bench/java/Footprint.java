import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long the packaged application takes to start and how much memory it has, beside the same Quarkus with the same
 * extensions and next to nothing of its own ({@code src/bench/bare}), on every JDK that is here. Run it by
 * {@code ./mvnw package -Pbench -Dbench=Footprint -Dbench.arguments='[rounds]'}, which builds both.
 *
 * <p>A round starts the one, then the other, for every variant; nothing else runs meanwhile. Start-up: from the start of the
 * process to the first 200 of {@code /q/health/ready}. Memory: {@code VmRSS} after 200 reads of one token, or one note, with
 * a JWT, and five seconds in which its job runs. Both have the same options, and a database that has its tables.
 */
public final class Footprint {

    private static final int READS = 200;
    private static final Duration SETTLED = Duration.ofSeconds(5);
    /** As in a container of 512 MiB, where a JVM takes this collector by itself. */
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC");

    /** @param path what is read of it */
    private record Application(String name, Path folder, Map<String, String> environment, String path) {

        Server start(Path java, List<String> options) throws IOException {
            return new Server(name, java, options, folder.resolve("quarkus-run.jar"), environment);
        }
    }

    /** @param aot whether it starts from a cache that an earlier run of it has left */
    private record Variant(String name, Path java, boolean aot) {

        List<String> options(Application application) {
            var options = new ArrayList<>(OPTIONS);
            if (aot) {
                options.add("-XX:AOTCache=" + cache(application));
            }
            return options;
        }

        Path cache(Application application) {
            return Path.of("target", "bench", application.name() + ".aot").toAbsolutePath();
        }
    }

    private record Sample(double startMillis, double residentMiB) {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        refuseOtherExtensions();
        Files.createDirectories(Path.of("target", "bench"));
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofHours(6))) {
            Application bare = bare();
            Application ours = ours(server);
            List<Variant> variants = variants();
            for (Variant variant : variants) {
                if (variant.aot()) {
                    train(variant, ours);
                    train(variant, bare);
                }
            }
            var samples = new LinkedHashMap<String, List<Sample>>();
            for (int round = 1; round <= rounds; round++) {
                for (Variant variant : variants) {
                    for (Application application : round % 2 == 0 ? List.of(bare, ours) : List.of(ours, bare)) {
                        samples.computeIfAbsent(variant.name() + application.name(), key -> new ArrayList<>())
                                .add(measured(variant, application));
                    }
                }
                System.err.println("Round " + round + " of " + rounds);
            }
            System.out.println(table(variants, samples, ours, bare));
        }
    }

    private static Application ours(ScriptedAuthorizationServer server) throws Exception {
        Map<String, String> environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        String prefix = "TOKENKEEP_REGISTRATIONS_TEST_";
        environment.put(prefix + "TOKEN_ENDPOINT", server.tokenEndpoint().toString());
        environment.put(prefix + "CLIENT_ID", ScriptedAuthorizationServer.CLIENT_ID);
        environment.put(prefix + "CLIENT_SECRET", ScriptedAuthorizationServer.CLIENT_SECRET);
        // Also makes the tables.
        try (var application = PackagedApplication.start(environment)) {
            String id =
                    application.register("test", "alice", server.issue("alice").json());
            return new Application(
                    "tokenkeep",
                    Path.of("target", "quarkus-app").toAbsolutePath(),
                    environment,
                    "/v1/sessions/" + id + "/access-token");
        }
    }

    private static Application bare() throws Exception {
        Map<String, String> environment =
                new HashMap<>(PackagedApplication.environment(TestDatabase.create(), TestKeys.directory()));
        environment.keySet().removeIf(name -> name.startsWith("TOKENKEEP_"));
        var bare = new Application(
                "bare", Path.of("target", "bare", "quarkus-app").toAbsolutePath(), environment, "/notes/one");
        try (var tables = bare.start(Server.JAVA, OPTIONS)) {
            tables.awaitReady();
        }
        return bare;
    }

    /** The JDKs in the usual place, 17 and 25; the later one with an AOT cache (JEP 514) too. */
    private static List<Variant> variants() throws IOException {
        var variants = new ArrayList<Variant>();
        for (String version : List.of("17", "25")) {
            try (Stream<Path> found = Files.list(Path.of("/usr/lib/jvm"))) {
                found.filter(jdk -> isVersion(jdk, version))
                        .sorted()
                        .findFirst()
                        .ifPresent(jdk -> {
                            Path java = jdk.resolve("bin/java");
                            variants.add(new Variant("JDK " + version, java, false));
                            if (version.equals("25")) {
                                variants.add(new Variant("JDK 25, AOT cache", java, true));
                            }
                        });
            }
        }
        return variants;
    }

    private static boolean isVersion(Path jdk, String version) {
        try {
            Path release = jdk.resolve("release");
            return Files.exists(release)
                    && Files.exists(jdk.resolve("bin/java"))
                    && Files.readString(release).contains("JAVA_VERSION=\"" + version + ".");
        } catch (IOException e) {
            return false;
        }
    }

    private static void train(Variant variant, Application application) throws Exception {
        Path cache = variant.cache(application);
        Files.deleteIfExists(cache);
        var options = new ArrayList<>(OPTIONS);
        options.add("-XX:AOTCacheOutput=" + cache);
        try (var running = application.start(variant.java(), options)) {
            running.awaitReady();
            running.read(application.path(), READS);
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("No " + cache);
        }
    }

    private static Sample measured(Variant variant, Application application) throws Exception {
        try (var running = application.start(variant.java(), variant.options(application))) {
            double start = running.awaitReady();
            running.read(application.path(), READS);
            Thread.sleep(SETTLED.toMillis());
            return new Sample(start, running.residentMiB());
        }
    }

    private static String table(
            List<Variant> variants, Map<String, List<Sample>> samples, Application ours, Application bare) {
        var table = new StringBuilder("""
                | | start-up: Tokenkeep | bare | ratio | memory: Tokenkeep | bare | ratio |
                |---|---|---|---|---|---|---|
                """);
        for (Variant variant : variants) {
            List<Sample> a = samples.get(variant.name() + ours.name());
            List<Sample> b = samples.get(variant.name() + bare.name());
            table.append("| %s | %s | %s | **%.2f** | %s | %s | **%.2f** |%n"
                    .formatted(
                            variant.name(),
                            spread(a, Sample::startMillis, "ms"),
                            spread(b, Sample::startMillis, "ms"),
                            median(a, Sample::startMillis) / median(b, Sample::startMillis),
                            spread(a, Sample::residentMiB, "MiB"),
                            spread(b, Sample::residentMiB, "MiB"),
                            median(a, Sample::residentMiB) / median(b, Sample::residentMiB)));
        }
        return table.toString();
    }

    private static String spread(List<Sample> samples, java.util.function.ToDoubleFunction<Sample> of, String unit) {
        double least = samples.stream().mapToDouble(of).min().orElseThrow();
        double most = samples.stream().mapToDouble(of).max().orElseThrow();
        return "%.0f %s (%.0f–%.0f)".formatted(median(samples, of), unit, least, most);
    }

    private static double median(List<Sample> samples, java.util.function.ToDoubleFunction<Sample> of) {
        double[] sorted = samples.stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static void refuseOtherExtensions() throws IOException {
        List<String> ours = extensions(Path.of("pom.xml"));
        List<String> bare = extensions(Path.of("src/bench/bare/pom.xml"));
        if (!ours.equals(bare)) {
            throw new IllegalStateException(
                    "src/bench/bare/pom.xml is not of Tokenkeep's extensions:\n" + ours + "\n" + bare);
        }
    }

    /** Those that are packaged, and Quarkus' versions. */
    private static List<String> extensions(Path pom) throws IOException {
        String xml = Files.readString(pom);
        String dependencies = xml.substring(xml.indexOf("</dependencyManagement>"), xml.indexOf("<build>"));
        return Stream.concat(
                        Pattern.compile("<dependency>.*?</dependency>", Pattern.DOTALL)
                                .matcher(dependencies)
                                .results()
                                .map(found -> found.group())
                                .filter(one -> !one.contains("<scope>"))
                                .map(one -> one.replaceAll("(?s).*<artifactId>(.*)</artifactId>.*", "$1"))
                                .filter(name -> name.contains("quarkus") || name.contains("flyway")),
                        Pattern.compile("<quarkus[^>]*version>.*</")
                                .matcher(xml)
                                .results()
                                .map(found -> found.group()))
                .sorted()
                .toList();
    }
}
