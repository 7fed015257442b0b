package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.AuthorizationCodes;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.testing.Trouble;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sign-ins over two replicas that are killed at random moments. */
class SignInKillsIT {

    private static final int SIGN_INS = 200;
    private static final int AT_ONCE = 8;
    private static final int KILLS = 4;
    private static final String REDIRECT_URI = "https://web.example/callback";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final long seed = Long.getLong("tokenkeep.harness.seed", System.currentTimeMillis());
    private final Random random = new Random(seed);
    private final AtomicReferenceArray<PackagedApplication> replicas = new AtomicReferenceArray<>(2);
    private Map<String, String> environment;

    /** How a sign-in ended. */
    private record End(int status, JsonNode body, String code) {}

    @Test
    @DisplayName("H6: 200 sign-ins while replicas are killed: each has an end, and no code is sent twice")
    void everySignInHasAnEnd() throws Exception {
        System.out.println("Seed " + seed);
        ExecutorService users = Executors.newFixedThreadPool(AT_ONCE);
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(300))) {
            server.troubles(this::slow);
            environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
            Environments.registration(environment, "SERVER", server, "strict");
            environment.put(
                    "TOKENKEEP_REGISTRATIONS_SERVER_AUTHORIZATION_ENDPOINT",
                    server.authorizationEndpoint().toString());
            environment.put("TOKENKEEP_REFRESH_HARD_CAP", "2S");
            environment.put("TOKENKEEP_REFRESH_TIMEOUT", "2S");
            environment.put("TOKENKEEP_CALLERS_IT_REGISTRATIONS", "server");
            environment.put("TOKENKEEP_CALLERS_IT_REDIRECT_URIS", REDIRECT_URI);
            start(0);
            start(1);
            List<Future<End>> ends = IntStream.range(0, SIGN_INS)
                    .mapToObj(i -> users.submit((Callable<End>) () -> signIn(server, "user-" + i)))
                    .toList();
            for (int kill = 0; kill < KILLS; kill++) {
                int victim = kill % 2;
                assertThat(ends).as("sign-ins under way").anyMatch(end -> !end.isDone());
                replicas.get(victim).kill();
                start(victim);
            }
            int completed = 0;
            for (Future<End> future : ends) {
                End end = future.get();
                if (end.status() == 201) {
                    completed++;
                    assertThat(isServed(end)).isTrue();
                } else {
                    assertThat(end.body().get("type").textValue()).endsWith("authorization-over");
                    assertThat(end.body().get("code").textValue()).isEqualTo("outcome_unknown");
                    // It was sent by a replica that died, or it died before it could send.
                }
            }
            assertThat(server.codes().redeemedAgain()).isEmpty();
            assertThat(SIGN_INS - completed).as("lost with their replicas").isLessThanOrEqualTo(KILLS * AT_ONCE);
        } finally {
            users.shutdownNow();
            replicas.get(0).close();
            replicas.get(1).close();
        }
    }

    private synchronized Trouble slow() {
        return new Trouble(Duration.ofMillis(random.nextInt(600)), Duration.ofMillis(random.nextInt(600)), false);
    }

    private void start(int number) {
        PackagedApplication replica = PackagedApplication.launch(environment);
        replica.awaitReady();
        replicas.set(number, replica);
    }

    private End signIn(ScriptedAuthorizationServer server, String user) {
        JsonNode begun = Json.of(persistently("/v1/authorizations", """
                        {"registration": "server", "subject": "%s", "redirect_uri": "%s"}""".formatted(user, REDIRECT_URI))
                .body());
        String code = server.codes()
                .issue(user, URI.create(begun.get("authorization_uri").textValue()));
        String callback = REDIRECT_URI + "?"
                + AuthorizationCodes.query(
                        Map.of("code", code, "state", begun.get("state").textValue()));
        HttpResponse<String> answer = persistently(
                "/v1/authorizations/" + begun.get("id").textValue() + "/completion",
                "{\"callback\": \"" + callback + "\"}");
        return new End(answer.statusCode(), Json.of(answer.body()), code);
    }

    /** As a caller does: the same call again, at any replica, until it has an answer that another call would not change. */
    private HttpResponse<String> persistently(String path, String body) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> once(path, body), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<HttpResponse<String>> once(String path, String body) {
        try {
            HttpResponse<String> answer = replicas.get(chosen()).post(path, body);
            boolean again = answer.statusCode() >= 500 || answer.body().contains("authorization-in-progress");
            return again ? Optional.empty() : Optional.of(answer);
        } catch (UncheckedIOException e) {
            // This replica was killed.
            return Optional.empty();
        }
    }

    private synchronized int chosen() {
        return random.nextInt(2);
    }

    private boolean isServed(End end) {
        return replicas.get(0).accessToken(end.body().get("id").textValue()).statusCode() == 200;
    }
}
