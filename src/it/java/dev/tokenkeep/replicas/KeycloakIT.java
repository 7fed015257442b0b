package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** End to end against a real Keycloak that lets each refresh token be used once, and revokes the session otherwise. */
class KeycloakIT {

    private static final int SESSIONS = 50;
    private static final int REFRESHES = 3;

    private static final String REDIRECT_URI = "http://127.0.0.1/callback";

    private static Keycloak keycloak;
    private static PackagedApplication application;

    @BeforeAll
    static void start() {
        keycloak = Keycloak.launch();
        var environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        for (String name : List.of("KEYCLOAK", "PUSHED")) {
            String prefix = "TOKENKEEP_REGISTRATIONS_" + name + "_";
            environment.put(prefix + "ISSUER", keycloak.issuer().toString());
            environment.put(prefix + "CLIENT_ID", Keycloak.CLIENT_ID);
            environment.put(prefix + "CLIENT_SECRET", Keycloak.CLIENT_SECRET);
            environment.put(prefix + "SCOPE", "openid");
        }
        environment.put("TOKENKEEP_REGISTRATIONS_PUSHED_PUSHED_AUTHORIZATION", "true");
        environment.put("TOKENKEEP_CALLERS_IT_REGISTRATIONS", "keycloak,pushed");
        environment.put("TOKENKEEP_CALLERS_IT_REDIRECT_URIS", REDIRECT_URI);
        environment.put("TOKENKEEP_REFRESH_MARGIN_FRACTION", "0.4");
        application = PackagedApplication.start(environment);
        keycloak.awaitReady();
    }

    @AfterAll
    static void stop() {
        application.close();
        keycloak.close();
    }

    @Test
    void keepsFiftySessionsAliveUnderStrictRotation() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < SESSIONS; i++) {
            ids.add(application.register("keycloak", "fifty", keycloak.signIn()));
        }
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    ids.forEach(KeycloakIT::readsAnActiveToken);
                    return sessions().stream()
                            .allMatch(session -> session.get("version").longValue() > REFRESHES);
                });
        assertThat(sessions()).hasSize(SESSIONS).allSatisfy(session -> {
            assertThat(session.get("status").textValue()).isEqualTo("ACTIVE");
            assertThat(session.has("failure")).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "pushed"})
    void signsAUserInByKeycloaksOwnForm(String registration) {
        JsonNode begun = Json.of(application
                .post("/v1/authorizations", """
                        {"registration": "%s", "subject": "alice", "redirect_uri": "%s"}""".formatted(registration, REDIRECT_URI))
                .body());
        String callback =
                keycloak.signIn(URI.create(begun.get("authorization_uri").textValue()), "alice");
        var completed = application.post(
                "/v1/authorizations/" + begun.get("id").textValue() + "/completion",
                "{\"callback\": \"" + callback + "\"}");
        assertThat(completed.statusCode()).as(completed.body()).isEqualTo(201);
        readsAnActiveToken(Json.of(completed.body()).get("id").textValue());
    }

    private static void readsAnActiveToken(String id) {
        var answer = application.accessToken(id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(keycloak.isActive(Json.of(answer.body()).get("access_token").textValue()))
                .isTrue();
    }

    private static List<JsonNode> sessions() {
        var sessions = new ArrayList<JsonNode>();
        Json.of(application.get("/v1/sessions?subject=fifty&limit=500").body())
                .get("items")
                .forEach(sessions::add);
        return sessions;
    }
}
