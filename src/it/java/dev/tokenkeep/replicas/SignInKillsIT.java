package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.replicas.SignInFlows.End;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.testing.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sign-ins of every flow over two replicas that are killed at random moments. */
class SignInKillsIT {

    private static final int EACH = 50;
    private static final int AT_ONCE = 16;
    private static final int KILLS = 4;

    private final long seed = Long.getLong("tokenkeep.harness.seed", System.currentTimeMillis());
    private final Random random = new Random(seed);
    private final TestDatabase database = TestDatabase.create();

    private final List<Future<End>> byCallback = new ArrayList<>();
    private final List<Future<End>> byConfirmation = new ArrayList<>();
    private final List<Future<End>> byUserCode = new ArrayList<>();
    private final List<Future<End>> neverConfirmed = new ArrayList<>();

    @Test
    @DisplayName("H6, H13, H15: 200 sign-ins while replicas are killed: each has an end, and no code is sent twice")
    void everySignInHasAnEnd() throws Exception {
        System.out.println("Seed " + seed);
        ExecutorService users = Executors.newFixedThreadPool(AT_ONCE);
        try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(300));
                var replicas = new KilledReplicas(environment(server), new Random(seed))) {
            server.troubles(this::slow);
            server.devices().members(",\"interval\":1");
            replicas.start();
            begin(users, new SignInFlows(replicas, server));
            for (int kill = 0; kill < KILLS; kill++) {
                assertThat(byConfirmation.get(EACH - 1).isDone())
                        .as("all have ended before kill %d", kill)
                        .isFalse();
                replicas.kill(kill % 2);
            }
            int lost = lost(byCallback, replicas.one()) + lost(byConfirmation, replicas.one());
            int lostPolls = lost(byUserCode, replicas.one());
            expire(server, replicas.one());
            assertThat(server.codes().redeemedAgain()).isEmpty();
            assertThat(lost + lostPolls).as("lost with their replicas").isLessThanOrEqualTo(KILLS * AT_ONCE);
            System.out.printf("Sign-ins lost with their replicas: %d, with a user code: %d%n", lost, lostPolls);
        } finally {
            users.shutdownNow();
        }
    }

    private Map<String, String> environment(ScriptedAuthorizationServer server) {
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        Environments.registration(environment, "SERVER", server, "strict");
        String registration = "TOKENKEEP_REGISTRATIONS_SERVER_";
        environment.put(
                registration + "AUTHORIZATION_ENDPOINT",
                server.authorizationEndpoint().toString());
        environment.put(
                registration + "DEVICE_AUTHORIZATION_ENDPOINT",
                server.deviceAuthorizationEndpoint().toString());
        environment.put("TOKENKEEP_REFRESH_HARD_CAP", "2S");
        environment.put("TOKENKEEP_REFRESH_TIMEOUT", "2S");
        environment.put("TOKENKEEP_CONNECT_BASE_URL", SignInFlows.BASE);
        environment.put("TOKENKEEP_CALLERS_IT_REGISTRATIONS", "server");
        environment.put("TOKENKEEP_CALLERS_IT_REDIRECT_URIS", SignInFlows.REDIRECT_URI);
        environment.put("TOKENKEEP_CALLERS_IT_RETURN_URIS", SignInFlows.RETURN_URI);
        return environment;
    }

    private synchronized Trouble slow() {
        return new Trouble(Duration.ofMillis(random.nextInt(600)), Duration.ofMillis(random.nextInt(600)), false);
    }

    private void begin(ExecutorService users, SignInFlows flows) {
        for (int i = 0; i < EACH; i++) {
            String user = "user-" + i;
            byCallback.add(users.submit((Callable<End>) () -> flows.ownCallback(user + "-a")));
            byUserCode.add(users.submit((Callable<End>) () -> flows.device(user + "-b")));
            neverConfirmed.add(users.submit((Callable<End>) () -> flows.neverConfirmed(user + "-c")));
            byConfirmation.add(users.submit((Callable<End>) () -> flows.hostedCallback(user + "-d")));
        }
    }

    /** How many have no session, each for a reason: it was sent by a replica that died, or that died before it could. */
    private static int lost(List<Future<End>> ends, PackagedApplication replica) throws Exception {
        int lost = 0;
        for (Future<End> future : ends) {
            End end = future.get();
            String session = session(end);
            assertThat(status(end, replica)).isEqualTo(session == null ? "failed" : "completed");
            if (session == null) {
                lost++;
            } else {
                assertThat(replica.accessToken(session).statusCode()).isEqualTo(200);
            }
        }
        return lost;
    }

    private static String session(End end) {
        switch (end.status()) {
            case 201 -> {
                return end.body().get("id").textValue();
            }
            case 200 -> {
                if (end.body().get("status").textValue().equals("completed")) {
                    return end.body().get("session").textValue();
                }
                // The poll that had the tokens died with its replica. The next one hears that they were given.
                assertThat(end.body().get("error").textValue()).isEqualTo("invalid_grant");
                return null;
            }
            default -> {
                assertThat(end.body().get("type").textValue()).endsWith("authorization-over");
                assertThat(end.body().get("code").textValue()).isEqualTo("outcome_unknown");
                return null;
            }
        }
    }

    /** Nobody confirmed them in time: each has expired, and its code was never sent. */
    private void expire(ScriptedAuthorizationServer server, PackagedApplication replica) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("update tokenkeep_authorization set expires_at = now() where ended_at is null");
        }
        for (Future<End> future : neverConfirmed) {
            assertThat(status(future.get(), replica)).isEqualTo("expired");
            assertThat(server.codes().redeemed()).doesNotContain(future.get().code());
        }
    }

    private static String status(End end, PackagedApplication replica) {
        return Json.of(replica.get("/v1/authorizations/" + end.id()).body())
                .get("status")
                .textValue();
    }
}
