package dev.tokenkeep.replicas;

import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged application in a process of its own, configured by its environment alone. */
public final class PackagedApplication implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("Listening on: http://127\\.0\\.0\\.1:([0-9]+)");
    private static final Pattern MANAGEMENT =
            Pattern.compile("Management interface listening on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String EXECUTABLE = System.getProperty("tokenkeep.it.executable", "");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Process process;
    private final Path log;
    private final Supplier<String> token;
    private volatile String port = "";

    private PackagedApplication(Process process, Path log, Supplier<String> token) {
        this.process = process;
        this.log = log;
        this.token = token;
    }

    /** What it needs besides its registrations: a database, keys, and the caller of these tests. */
    public static Map<String, String> environment(TestDatabase database, Path keys) {
        var environment = new HashMap<String, String>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
        environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_URL", database.jdbcUrl());
        environment.put("QUARKUS_DATASOURCE_TOKENKEEP_USERNAME", database.user());
        environment.put("QUARKUS_DATASOURCE_TOKENKEEP_PASSWORD", database.password());
        environment.put("TOKENKEEP_ENCRYPTION_KEYS", keys.toString());
        environment.put("MP_JWT_VERIFY_PUBLICKEY", CallerKeys.publicKey());
        environment.put("MP_JWT_VERIFY_ISSUER", CallerKeys.ISSUER);
        environment.put("MP_JWT_VERIFY_AUDIENCES", CallerKeys.AUDIENCE);
        environment.put("TOKENKEEP_CALLERS_IT_SUBJECT", "sub-it");
        environment.put("TOKENKEEP_CALLERS_IT_PERMISSIONS", "tokens:read,sessions:read,sessions:write,sessions:admin");
        return environment;
    }

    /** Begins to start it. */
    public static PackagedApplication launch(Map<String, String> environment) {
        String token = CallerKeys.token("sub-it");
        return launch(environment, List.of("-Xmx512m"), () -> token);
    }

    /**
     * Begins to start it.
     *
     * @param token the caller's, asked for at every request
     */
    public static PackagedApplication launch(
            Map<String, String> environment, List<String> options, Supplier<String> token) {
        var all = new ArrayList<>(options);
        if (EXECUTABLE.isBlank()) {
            all.addAll(ClassArchive.options());
        }
        return launchAs(all, environment, token);
    }

    /** With these options and no archive of classes. */
    static PackagedApplication launchAs(List<String> options, Map<String, String> environment, Supplier<String> token) {
        try {
            Path logs = Files.createDirectories(Path.of("target", "it-logs"));
            Path log = logs.resolve(
                    "application-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
            var builder = new ProcessBuilder(command(options))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new PackagedApplication(builder.start(), log, token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The native executable takes the JVM's options for memory and system properties, and no others. */
    private static List<String> command(List<String> options) {
        var command = new ArrayList<>(List.of(EXECUTABLE.isBlank() ? java() : EXECUTABLE));
        options.stream().filter(PackagedApplication::isUnderstood).forEach(command::add);
        if (EXECUTABLE.isBlank()) {
            Stream.of(System.getProperty("tokenkeep.it.options", "").split(" "))
                    .filter(option -> !option.isBlank())
                    .forEach(command::add);
            command.addAll(List.of("-jar", jar().toString()));
        }
        return command;
    }

    static String java() {
        return System.getProperty(
                "tokenkeep.it.java",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    static Path jar() {
        return Path.of(System.getProperty("tokenkeep.it.application", "target/quarkus-app/quarkus-run.jar"));
    }

    private static boolean isUnderstood(String option) {
        return EXECUTABLE.isBlank() || option.startsWith("-Xm") || option.startsWith("-D");
    }

    /** Starts it and waits until it is ready. */
    public static PackagedApplication start(Map<String, String> environment) {
        PackagedApplication application = launch(environment);
        try {
            application.awaitReady();
            return application;
        } catch (RuntimeException e) {
            application.close();
            throw e;
        }
    }

    public void awaitReady() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("The application did not start:\n" + log());
                    }
                    return LISTENING.matcher(log()).find();
                });
    }

    public URI url(String path) {
        if (port.isEmpty()) {
            port = told(LISTENING);
        }
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The status of a probe, such as {@code /q/health/ready}. */
    public int probe(String path) {
        return management(path).statusCode();
    }

    /** What the port of its own for health and metrics answers. */
    public HttpResponse<String> management(String path) {
        var url = URI.create("http://127.0.0.1:" + managementPort() + path);
        return send(HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(20)).GET());
    }

    int managementPort() {
        return Integer.parseInt(told(MANAGEMENT));
    }

    private String told(Pattern pattern) {
        var found = pattern.matcher(log());
        if (!found.find()) {
            throw new IllegalStateException("The application does not listen:\n" + log());
        }
        return found.group(1);
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** With another JWT than its caller's. */
    public HttpResponse<String> get(String path, String token) {
        return send(HttpRequest.newBuilder(url(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .GET());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> put(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> delete(String path) {
        return send(request(path).DELETE());
    }

    /** Registers a session and answers its id. */
    public String register(String registration, String subject, String tokenResponse) {
        HttpResponse<String> answer = post(
                "/v1/sessions",
                "{\"registration\":\"%s\",\"subject\":\"%s\",\"token_response\":%s}"
                        .formatted(registration, subject, tokenResponse));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return Json.of(answer.body()).get("id").textValue();
    }

    public HttpResponse<String> accessToken(String id) {
        return get("/v1/sessions/" + id + "/access-token");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token.get());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGSTOP. */
    public void stop() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The application did not end:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
