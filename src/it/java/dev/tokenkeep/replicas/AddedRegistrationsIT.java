package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the packaged application, which are told of registrations while they run. */
class AddedRegistrationsIT {

    /** Two seconds are promised. Here three processes share the processors with the test. */
    private static final Duration SOON = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path files;

    private ScriptedAuthorizationServer server;

    @Test
    void everyReplicaKnowsThemWithinTwoSeconds() throws IOException {
        Map<String, String> environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        environment.put(
                "TOKENKEEP_CALLERS_IT_PERMISSIONS", "tokens:read,sessions:read,sessions:write,registrations:admin");
        environment.put("TOKENKEEP_OUTBOUND_ALLOWED_NETWORKS", "127.0.0.1/32");
        environment.put("TOKENKEEP_REGISTRATION_FILES_DIRECTORY", files.toString());
        try (var started = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(6))) {
            server = started;
            write("from-a-file", "");
            try (var one = PackagedApplication.start(environment);
                    var two = PackagedApplication.start(environment)) {
                addedByTheApi(one, two);
                addedByAFile(one, two);
            }
            try (var again = PackagedApplication.start(environment)) {
                // Kept in the database, and known before the first call.
                assertThat(again.get("/v1/registrations/acme").statusCode()).isEqualTo(200);
            }
            assertThat(server.ledger().spentTwice()).isEmpty();
        }
    }

    private void addedByTheApi(PackagedApplication one, PackagedApplication two) {
        assertThat(one.put("/v1/registrations/acme", settings()).statusCode()).isEqualTo(201);
        await().atMost(SOON).until(() -> registered(two, "acme").statusCode() == 201);
        String id = one.register("acme", "bob", server.issue("bob").json());
        // The job of either replica refreshes it.
        await().atMost(PATIENCE)
                .until(() -> Json.of(two.get("/v1/sessions/" + id).body())
                                .get("version")
                                .longValue()
                        > 1);
        assertThat(two.delete("/v1/registrations/acme").statusCode()).isEqualTo(204);
        await().atMost(SOON).until(() -> one.get("/v1/registrations/acme").statusCode() == 404);
        assertThat(one.put("/v1/registrations/acme", settings()).statusCode()).isEqualTo(201);
        await().atMost(PATIENCE)
                .until(() -> two.post("/v1/sessions/" + id + "/refresh", "{}").statusCode() == 200);
    }

    private void addedByAFile(PackagedApplication one, PackagedApplication two) throws IOException {
        assertThat(registered(one, "from-a-file").statusCode()).isEqualTo(201);
        assertThat(one.get("/v1/registrations/from-a-file").body())
                .contains("\"key\":\"token-endpoint\",\"value\":\"" + server.tokenEndpoint()
                        + "\",\"source\":\"configuration\"")
                .doesNotContain(ScriptedAuthorizationServer.CLIENT_SECRET);
        assertThat(one.put("/v1/registrations/from-a-file", settings()).statusCode())
                .isEqualTo(409);
        write("another-file", "");
        await().atMost(PATIENCE).until(() -> registered(one, "another-file").statusCode() == 201);
        await().atMost(PATIENCE).until(() -> registered(two, "another-file").statusCode() == 201);
        write("another-file", "rotation=stric");
        await().atMost(PATIENCE).until(() -> two.log().contains("another-file.rotation"));
        assertThat(registered(two, "another-file").statusCode()).isEqualTo(201);
        Files.delete(files.resolve("another-file.properties"));
        await().atMost(PATIENCE).until(() -> registered(one, "another-file").statusCode() == 400);
    }

    private HttpResponse<String> registered(PackagedApplication replica, String registration) {
        return replica.post(
                "/v1/sessions",
                "{\"registration\":\"%s\",\"subject\":\"alice\",\"token_response\":%s}"
                        .formatted(registration, server.issue("alice").json()));
    }

    private String settings() {
        return """
                {"settings": {"token-endpoint": "%s", "revocation-endpoint": "%s", "client-id": "%s", "client-secret": "%s"}}
                """.formatted(
                        server.tokenEndpoint(),
                        server.revocationEndpoint(),
                        ScriptedAuthorizationServer.CLIENT_ID,
                        ScriptedAuthorizationServer.CLIENT_SECRET);
    }

    /** Written beside and moved, so that no half of it is read. */
    private void write(String name, String more) throws IOException {
        Path beside = Files.writeString(
                files.resolve(name + ".new"),
                "token-endpoint=%s\nclient-id=%s\nclient-secret=%s\n%s\n"
                        .formatted(
                                server.tokenEndpoint(),
                                ScriptedAuthorizationServer.CLIENT_ID,
                                ScriptedAuthorizationServer.CLIENT_SECRET,
                                more));
        Files.move(beside, files.resolve(name + ".properties"), StandardCopyOption.REPLACE_EXISTING);
    }
}
