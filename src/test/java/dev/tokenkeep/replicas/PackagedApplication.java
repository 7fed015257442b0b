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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** The packaged application in a process of its own, configured by its environment alone. */
final class PackagedApplication implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("Listening on: http://127\\.0\\.0\\.1:([0-9]+)");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Process process;
    private final Path log;
    private final String token = CallerKeys.token("sub-it");

    private PackagedApplication(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** What it needs besides its registrations: a database, keys, and the caller of these tests. */
    static Map<String, String> environment(TestDatabase database, Path keys) {
        var environment = new HashMap<String, String>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
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
    static PackagedApplication launch(Map<String, String> environment) {
        String java = System.getProperty(
                "tokenkeep.it.java",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        try {
            Path logs = Files.createDirectories(Path.of("target", "it-logs"));
            Path log = logs.resolve(
                    "application-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
            var builder = new ProcessBuilder(java, "-Xmx512m", "-jar", "target/quarkus-app/quarkus-run.jar")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new PackagedApplication(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it and waits until it is ready. */
    static PackagedApplication start(Map<String, String> environment) {
        PackagedApplication application = launch(environment);
        application.awaitReady();
        return application;
    }

    void awaitReady() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("The application did not start:\n" + log());
                    }
                    return LISTENING.matcher(log()).find();
                });
    }

    URI url(String path) {
        var listening = LISTENING.matcher(log());
        if (!listening.find()) {
            throw new IllegalStateException("The application does not listen:\n" + log());
        }
        return URI.create("http://127.0.0.1:" + listening.group(1) + path);
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** Registers a session and answers its id. */
    String register(String registration, String subject, String tokenResponse) {
        HttpResponse<String> answer = post(
                "/v1/sessions",
                "{\"registration\":\"%s\",\"subject\":\"%s\",\"token_response\":%s}"
                        .formatted(registration, subject, tokenResponse));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return Json.of(answer.body()).get("id").textValue();
    }

    HttpResponse<String> accessToken(String id) {
        return get("/v1/sessions/" + id + "/access-token");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token);
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

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int awaitExit() {
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
