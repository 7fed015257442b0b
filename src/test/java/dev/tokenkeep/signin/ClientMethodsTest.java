package dev.tokenkeep.signin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.nimbusds.jwt.SignedJWT;
import dev.tokenkeep.signin.ClientMethodsResource.Clients;
import dev.tokenkeep.testing.AssertionVerifier;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every method by which a client proves who it is, at every endpoint (CONFORMANCE G1 to G6, G17). */
@QuarkusTest
@TestProfile(ClientMethodsTest.RevocationsOn.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(ClientMethodsResource.class)
class ClientMethodsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    ScriptedAuthorizationServer server;
    Clients clients;

    public static final class RevocationsOn implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tokenkeep.refresh.every", "1s");
        }
    }

    static Stream<String> methods() {
        return Stream.of(
                        Stream.of("basic", "post", "secret"),
                        ClientMethodsResource.BY_KEY.stream(),
                        ClientMethodsResource.BY_TRANSIT.keySet().stream())
                .flatMap(some -> some);
    }

    private Browser web() {
        return new Browser("web", server);
    }

    private String registered(String registration, IssuedTokens tokens) {
        return web().post(
                        "/v1/sessions",
                        Map.of(
                                "registration",
                                registration,
                                "subject",
                                "user-" + UUID.randomUUID(),
                                "token_response",
                                Map.of("refresh_token", tokens.refreshToken(), "access_token", tokens.accessToken())))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private void refreshes(String session) {
        web().as()
                .contentType("application/json")
                .post("/v1/sessions/" + session + "/refresh")
                .then()
                .statusCode(200);
    }

    /** Nothing was refused, and no JWT came twice. */
    private void nothingWasRefused(String registration) {
        AssertionVerifier verifier = clients.verifiers().get(registration);
        if (verifier != null) {
            assertThat(verifier.refused()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    @DisplayName("G1, G3: refresh and revocation")
    void refreshesAndRevokes(String registration) {
        IssuedTokens tokens = server.issue("alice");
        String session = registered(registration, tokens);
        refreshes(session);
        refreshes(session);
        String last = web().as()
                .get("/v1/sessions/" + session + "/access-token")
                .then()
                .extract()
                .path("access_token");
        assertThat(server.isActive(last)).isTrue();
        web().as().delete("/v1/sessions/" + session).then().statusCode(204);
        await().atMost(PATIENCE).until(() -> !server.isActive(last));
        nothingWasRefused(registration);
    }

    @ParameterizedTest
    @MethodSource("methods")
    @DisplayName("G17: the same at pushed requests and at the code exchange")
    void signsIn(String registration) {
        Map<String, Object> body = Browser.body(registration);
        Browser.Begun begun = web().begun(body);
        assertThat(begun.uri().toString()).contains("request_uri=");
        web().complete(begun, web().consent(begun, "alice")).statusCode(201);
        nothingWasRefused(registration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"post", "secret", "es256", "transit-es256"})
    @DisplayName("G17: the same at the device grant")
    void signsInWithAUserCode(String registration) {
        server.devices().members(",\"interval\":1");
        var body = new LinkedHashMap<String, Object>();
        body.put("registration", registration);
        body.put("subject", "user-" + UUID.randomUUID());
        body.put("flow", "device_code");
        var begun = web().begin(body).statusCode(201).extract();
        server.devices().approve(begun.path("user_code"), "alice");
        web().as()
                .get("/v1/authorizations/" + begun.path("id") + "?wait=30")
                .then()
                .body("status", equalTo("completed"));
        nothingWasRefused(registration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rs256", "es256"})
    @DisplayName("G5: a key is rotated without a restart, and no refresh fails")
    void rotatesAKey(String registration) throws Exception {
        String session = registered(registration, server.issue("alice"));
        PemKeys keys = clients.keys().get(registration);
        String kind = registration.equals("rs256") ? "RSA" : "P-256";
        refreshes(session);
        keys.add("two", PemKeys.pair(kind));
        awaitPublished(registration, "two");
        keys.primary("two");
        await().atMost(PATIENCE).until(() -> {
            refreshes(session);
            return keyOfLast(registration).equals("two");
        });
        // The former key goes only now, when nothing signed with it is on its way.
        keys.remove("one");
        await().atMost(PATIENCE).untilAsserted(() -> published(registration).body(not(containsString("\"one\""))));
        refreshes(session);
        nothingWasRefused(registration);
        keys.add("one", PemKeys.pair(kind)).primary("one");
        awaitPublished(registration, "one");
    }

    private void awaitPublished(String registration, String key) {
        await().atMost(PATIENCE).untilAsserted(() -> published(registration).body(containsString("\"" + key + "\"")));
    }

    private static io.restassured.response.ValidatableResponse published(String registration) {
        return given().get("/connect/" + registration + "/jwks")
                .then()
                .statusCode(200)
                .contentType("application/jwk-set+json")
                .header("Cache-Control", "public, max-age=300")
                .body(not(containsString("\"d\"")));
    }

    private String keyOfLast(String registration) {
        List<SignedJWT> accepted =
                new ArrayList<>(clients.verifiers().get(registration).accepted());
        return accepted.get(accepted.size() - 1).getHeader().getKeyID();
    }

    @Test
    @DisplayName("G5: a directory that cannot be used leaves the former keys in use")
    void keepsTheFormerKeys() {
        String session = registered("es256", server.issue("alice"));
        PemKeys keys = clients.keys().get("es256");
        try (var log = LogLines.of("dev.tokenkeep.settings")) {
            keys.write("broken", "no key");
            await().atMost(PATIENCE).until(() -> {
                refreshes(session);
                return !log.with("Registration es256: the new file is invalid").isEmpty();
            });
        }
        keys.add("broken", PemKeys.pair("P-256"));
        awaitPublished("es256", "broken");
        keys.remove("broken");
        await().atMost(PATIENCE).untilAsserted(() -> published("es256").body(not(containsString("\"broken\""))));
        refreshes(session);
        nothingWasRefused("es256");
    }

    @Test
    void publishesNothingForOthers() {
        given().get("/connect/basic/jwks")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:not-found"));
        given().get("/connect/nobody/jwks").then().statusCode(404);
    }
}
