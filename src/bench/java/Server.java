import dev.tokenkeep.testing.CallerKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An application in a process of its own, asked by one caller. */
final class Server implements AutoCloseable {

    static final String TOKEN = CallerKeys.token("sub-it", CallerKeys.ISSUER, CallerKeys.AUDIENCE, Duration.ofHours(6));

    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    static final Path TOKENKEEP = Path.of("target", "quarkus-app", "quarkus-run.jar");

    /** Quarkus', Spring Boot's, and that of our own programs, which listen to nothing. */
    private static final Pattern STARTED = Pattern.compile(
            "(?:Listening on: http://127\\.0\\.0\\.1:|Tomcat started on port |Ready on )([0-9]+)[^0-9]");

    private static final Pattern MANAGEMENT =
            Pattern.compile("Management interface listening on http://127\\.0\\.0\\.1:([0-9]+)[^0-9]");
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    private static final int MOST_LINES = 50;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final long started = System.nanoTime();
    private final Process process;
    /** A file: who reads a pipe takes the processor of whoever loads this one. */
    private final Path output;

    private String port = "";
    private String management = "";

    /** @param jar of an application that was packaged, in its folder */
    Server(String name, Path java, List<String> options, Path jar, Map<String, String> environment) throws IOException {
        this(
                name,
                java,
                options,
                jar.toAbsolutePath().getParent(),
                List.of("-jar", jar.getFileName().toString()),
                environment);
    }

    /** @param program what it runs, in that folder */
    Server(
            String name,
            Path java,
            List<String> options,
            Path folder,
            List<String> program,
            Map<String, String> environment)
            throws IOException {
        this.name = name;
        var command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(program);
        Path logs = Files.createDirectories(Path.of("target", "bench").toAbsolutePath());
        output = Files.createTempFile(logs, "said-", ".log");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Milliseconds from its start. */
    double awaitReady() throws Exception {
        while (port.isEmpty()) {
            String said = Files.readString(output);
            // Told before the port of the API.
            management = told(MANAGEMENT, said, management);
            port = told(STARTED, said, port);
            if (!process.isAlive()) {
                throw new IllegalStateException(name + " did not start:\n" + said);
            }
            pauseIfInTime();
        }
        while (!management.isEmpty() && management("/q/health/ready").statusCode() != 200) {
            pauseIfInTime();
        }
        return (System.nanoTime() - started) / 1e6;
    }

    private void pauseIfInTime() throws InterruptedException {
        if (System.nanoTime() - started > STARTS_WITHIN.toNanos()) {
            throw new IllegalStateException(name + " does not become ready");
        }
        Thread.sleep(1);
    }

    private static String told(Pattern pattern, String said, String before) {
        Matcher found = pattern.matcher(said);
        return found.find() ? found.group(1) : before;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(url(path)));
    }

    HttpResponse<String> post(String path, String json) throws Exception {
        return send(request(url(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> management(String path) throws Exception {
        return send(request("http://127.0.0.1:" + management + path));
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + TOKEN);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** Empty if it tells none. */
    String metrics() throws Exception {
        return management.isEmpty() ? "" : management("/q/metrics").body();
    }

    void read(String path, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            var answer = get(path);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(name + ": " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    long pid() {
        return process.pid();
    }

    double residentMiB() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .sum();
    }

    @Override
    public void close() throws Exception {
        // Process.destroy would close its output, and the JVM that makes the AOT cache at the end has something to say.
        process.toHandle().destroy();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " does not end");
        }
        // Nobody measures what fails.
        try (Stream<String> said = Files.lines(output)) {
            said.filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                    .limit(MOST_LINES)
                    .forEach(line -> System.err.println(name + " said: " + line));
        }
        Files.delete(output);
    }
}
