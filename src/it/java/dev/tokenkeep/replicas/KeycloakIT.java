package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** End to end against a real Keycloak that lets each refresh token be used once, and revokes the session otherwise. */
class KeycloakIT {

    private static final int SESSIONS = 50;
    private static final int REFRESHES = 3;

    @Test
    void keepsFiftySessionsAliveUnderStrictRotation() {
        try (var keycloak = Keycloak.launch()) {
            var environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
            String prefix = "TOKENKEEP_REGISTRATIONS_KEYCLOAK_";
            environment.put(prefix + "ISSUER", keycloak.issuer().toString());
            environment.put(prefix + "CLIENT_ID", Keycloak.CLIENT_ID);
            environment.put(prefix + "CLIENT_SECRET", Keycloak.CLIENT_SECRET);
            environment.put("TOKENKEEP_REFRESH_MARGIN_FRACTION", "0.4");
            try (var application = PackagedApplication.start(environment)) {
                keycloak.awaitReady();
                var ids = new ArrayList<String>();
                for (int i = 0; i < SESSIONS; i++) {
                    ids.add(application.register("keycloak", "alice-" + i, keycloak.signIn()));
                }
                await().atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> {
                            ids.forEach(id -> readsAnActiveToken(application, keycloak, id));
                            return sessions(application).stream()
                                    .allMatch(session -> session.get("version").longValue() > REFRESHES);
                        });
                assertThat(sessions(application)).hasSize(SESSIONS).allSatisfy(session -> {
                    assertThat(session.get("status").textValue()).isEqualTo("ACTIVE");
                    assertThat(session.has("failure")).isFalse();
                });
            }
        }
    }

    private static void readsAnActiveToken(PackagedApplication application, Keycloak keycloak, String id) {
        var answer = application.accessToken(id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(keycloak.isActive(Json.of(answer.body()).get("access_token").textValue()))
                .isTrue();
    }

    private static List<JsonNode> sessions(PackagedApplication application) {
        var sessions = new ArrayList<JsonNode>();
        Json.of(application.get("/v1/sessions?limit=500").body()).get("items").forEach(sessions::add);
        return sessions;
    }
}
