package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.ScriptedTransit;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application whose keys a Vault unwraps, which comes and goes. */
class VaultIT {

    private static final String TOKEN = "s.token-of-vault";

    @TempDir
    Path keys;

    @TempDir
    Path files;

    @Test
    void needsItAtTheStartAndForANewKeyAndNotInBetween() throws IOException {
        try (var vault = ScriptedTransit.start();
                var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(30))) {
            Map<String, String> environment = environment(vault, server);
            vault.down();
            refusesToStart(environment);
            vault.up();
            try (var application = PackagedApplication.start(environment)) {
                String id = application.register(
                        "test", "alice", server.issue("alice").json());
                vault.down();
                TestKeys.newWrappedPrimary(keys, "k2");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> application.log().contains("could not be reached"));
                assertThat(application.accessToken(id).statusCode()).isEqualTo(200);
                assertThat(primary(application)).isEqualTo("k1");
                vault.up();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> primary(application).equals("k2"));
                assertThat(application.accessToken(id).statusCode()).isEqualTo(200);
                assertThat(application.log()).doesNotContain(TOKEN);
            }
            assertThat(vault.requests()).isNotEmpty().allMatch(request -> TOKEN.equals(request.token()));
        }
    }

    private static void refusesToStart(Map<String, String> environment) {
        try (var application = PackagedApplication.launch(environment)) {
            assertThat(application.awaitExit()).isNotZero();
            assertThat(application.log()).contains("k1", "could not be reached").doesNotContain(TOKEN);
        }
    }

    private static String primary(PackagedApplication application) {
        return Json.of(application.get("/v1/keys").body()).get("primary").textValue();
    }

    private Map<String, String> environment(ScriptedTransit vault, ScriptedAuthorizationServer server)
            throws IOException {
        TestKeys.newWrappedPrimary(keys, "k1");
        Path token = files.resolve("token");
        Files.writeString(token, TOKEN + "\n");
        Map<String, String> environment = PackagedApplication.environment(TestDatabase.create(), keys);
        Environments.registration(environment, server);
        environment.put("TOKENKEEP_ENCRYPTION_KEY_PROVIDER", "vault-transit");
        environment.put("TOKENKEEP_ENCRYPTION_TRANSIT_ADDRESS", vault.address());
        environment.put("TOKENKEEP_ENCRYPTION_TRANSIT_KEY", "tokenkeep");
        environment.put("TOKENKEEP_ENCRYPTION_TRANSIT_TOKEN_FILE", token.toString());
        return environment;
    }
}
