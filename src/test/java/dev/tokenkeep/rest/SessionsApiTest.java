package dev.tokenkeep.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class SessionsApiTest {

    ScriptedAuthorizationServer server;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void keepsASessionAndShowsItWithoutItsTokens() {
        IssuedTokens tokens = server.issue("alice");
        String subject = "alice-" + UUID.randomUUID();
        String location = register("all", "test", subject, tokens.json())
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("status", equalTo("ACTIVE"))
                .body("registration", equalTo("test"))
                .body("subject", equalTo(subject))
                .body("scope", equalTo("read write"))
                .body("access_token_expires_at", notNullValue())
                .body("failure", nullValue())
                .extract()
                .header("Location");
        String shown = as("all")
                .get(path(location))
                .then()
                .statusCode(200)
                .body("version", equalTo(1))
                .extract()
                .asString();
        assertThat(shown).doesNotContain(tokens.accessToken()).doesNotContain(tokens.refreshToken());
    }

    @Test
    void answersTheExistingSessionForARefreshTokenThatIsKept() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.json()).statusCode(201));
        register("all", "test", "alice", tokens.json()).statusCode(200).body("id", equalTo(id));
        register("sessions-write", "test", "alice", tokens.json())
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:refresh-token-already-kept"))
                .body("detail", startsWith("This refresh token already belongs to another session"));
    }

    @Test
    void aRefreshTokenIsNotAnotherSubjects() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.json()).statusCode(201));
        register("all", "test", "bob", tokens.json())
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:refresh-token-already-kept"))
                .body("detail", startsWith("This refresh token already belongs to a session of another subject"));
        as("all").get("/v1/sessions/" + id).then().body("subject", equalTo("alice"));
    }

    /** Two sessions of it would spend it twice. */
    @Test
    void aRefreshTokenIsItsClientsUnderWhateverName() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.json()).statusCode(201));
        register("all", "other", "alice", tokens.json())
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:refresh-token-already-kept"))
                .body("detail", startsWith("This refresh token already belongs to a session of registration test"));
        register("sessions-write", "other", "alice", tokens.json())
                .statusCode(409)
                .body("detail", startsWith("This refresh token already belongs to another session"));
        String other =
                id(register("all", "other", "alice", server.issue("alice").json()));
        put(other, tokens.json())
                .statusCode(409)
                .body("detail", startsWith("This refresh token already belongs to a session of registration test"));
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
    }

    @Test
    void takesANewerAccessTokenBesideTheSameRefreshToken() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.json()));
        String newer = "{\"access_token\":\"at-newer\",\"expires_at\":\""
                + Instant.now().plusSeconds(7200) + "\",\"scope\":\"read\",\"refresh_token\":\"" + tokens.refreshToken()
                + "\"}";
        // One that may be as old as its refresh token is not: it may have expired long ago.
        put(id, newer.replaceFirst("\"expires_at\":\"[^\"]*\"", "\"expires_in\":7200"))
                .statusCode(200);
        as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .body("access_token", equalTo(tokens.accessToken()));
        put(id, newer).statusCode(200).body("version", equalTo(1)).body("scope", equalTo("read"));
        // Neither the same one again nor the one of before.
        for (String older : List.of(newer, tokens.json())) {
            put(id, older).statusCode(200);
            as("all")
                    .get("/v1/sessions/" + id + "/access-token")
                    .then()
                    .statusCode(200)
                    .body("access_token", equalTo("at-newer"))
                    .body("expires_in", greaterThan(7100))
                    .body("version", equalTo(1));
        }
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(200).body("version", equalTo(2));
    }

    private static ValidatableResponse put(String id, String tokenResponse) {
        return as("all")
                .contentType("application/json")
                .body("{\"token_response\":" + tokenResponse + "}")
                .put("/v1/sessions/" + id)
                .then();
    }

    @Test
    void aRefreshTokenWhoseSessionWasRemovedIsToldAsRevoked() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.json()).statusCode(201));
        String other = id(
                register("all", "test", "alice", server.issue("alice").json()).statusCode(201));
        as("all").delete("/v1/sessions/" + id).then().statusCode(204);
        register("all", "test", "alice", tokens.json())
                .statusCode(409)
                .body("detail", startsWith("The session of this refresh token was removed"));
        put(other, tokens.json())
                .statusCode(409)
                .body("detail", startsWith("The session of this refresh token was removed"));
        register("sessions-write", "test", "alice", tokens.json())
                .statusCode(409)
                .body("detail", startsWith("This refresh token already belongs to another session"));
    }

    @Test
    void handsOutTheAccessTokenWithItsTrueLifetime() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.json()));
        as("all")
                .get("/v1/sessions/" + id + "/access-token?min_ttl=60")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("access_token", equalTo(tokens.accessToken()))
                .body("token_type", equalTo("Bearer"))
                .body("expires_in", greaterThan(50))
                .body("scope", equalTo("read write"))
                .body("version", equalTo(1));
    }

    @Test
    void refreshesASessionThatCameWithoutAnAccessToken() {
        IssuedTokens tokens = server.issue("alice");
        String id = id(register("all", "test", "alice", tokens.refreshTokenOnly())
                .statusCode(201)
                .body("access_token_expires_at", nullValue()));
        String token = as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(200)
                .body("version", equalTo(2))
                .extract()
                .path("access_token");
        assertThat(server.isActive(token)).isTrue();
    }

    @Test
    void refreshesByForceOnceForAVersion() {
        String id = id(register("all", "test", "alice", server.issue("alice").json()));
        for (int i = 0; i < 2; i++) {
            as("all")
                    .body("{\"if_version\":1}")
                    .post("/v1/sessions/" + id + "/refresh")
                    .then()
                    .statusCode(200)
                    .body("version", equalTo(2))
                    .body("refreshed_at", notNullValue());
        }
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(200).body("version", equalTo(3));
    }

    @Test
    void goesOnWithNewTokensAfterThegrantDied() {
        String id = id(register("all", "test", "alice", "{\"refresh_token\":\"unknown-" + UUID.randomUUID() + "\"}"));
        as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:reauthentication-required"))
                .body("code", equalTo("invalid_grant"));
        as("all")
                .get("/v1/sessions/" + id)
                .then()
                .body("status", equalTo("REAUTHENTICATION_REQUIRED"))
                .body("failure.code", equalTo("invalid_grant"))
                .body("failure.attempts", equalTo(1));
        IssuedTokens again = server.issue("alice");
        as("all")
                .body("{\"token_response\":" + again.json() + "}")
                .put("/v1/sessions/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("ACTIVE"))
                .body("failure", nullValue());
        as("all").get("/v1/sessions/" + id + "/access-token").then().body("access_token", equalTo(again.accessToken()));
    }

    @Test
    void tellsThatTheUserHasToAct() {
        String id = id(register("all", "test", "alice", server.issue("alice").refreshTokenOnly()));
        server.answerNext(403, "{\"error\":\"mfa_required\",\"mfa_token\":\"secret\"}");
        as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:user-action-required"))
                .body("code", equalTo("mfa_required"));
        as("all").post("/v1/sessions/" + id + "/refresh").then().statusCode(200).body("status", equalTo("ACTIVE"));
    }

    @Test
    void tellsWhenToComeBackWhileTheServerGivesNothing() {
        String id = id(register("all", "test", "alice", server.issue("alice").refreshTokenOnly()));
        server.answerAlways(400, "{\"error\":\"temporarily_unavailable\"}", Map.of());
        as("all")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:tokenkeep:problem:authorization-server-unavailable"));
    }

    @Test
    void showsAndEndsAPause() {
        refuseTwoSessions(server, "other");
        String id =
                id(register("narrow", "other", "alice", server.issue("alice").refreshTokenOnly()));
        server.answerNext(401, "{\"error\":\"invalid_client\"}");
        as("narrow")
                .get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(503)
                .header("Retry-After", equalTo("300"))
                .body("type", equalTo("urn:tokenkeep:problem:registration-paused"));
        as("narrow")
                .get("/v1/registrations")
                .then()
                .statusCode(200)
                // Its former name is in the list too.
                .body("items.name", contains("elsewhere", "other"))
                .body("items[1].pause_reason", equalTo("invalid_client"))
                .body("items[1].paused_until", notNullValue())
                .body("items[1].breaker", equalTo("closed"));
        as("narrow")
                .get("/v1/registrations/other")
                .then()
                .statusCode(200)
                .body("state.name", equalTo("other"))
                .body("state.pause_reason", equalTo("invalid_client"))
                .body("settings.find { it.key == 'client-secret' }.source", equalTo("configuration"))
                .body("settings.find { it.key == 'client-secret' }.value", nullValue())
                .body("settings.find { it.key == 'max-concurrency' }.value", equalTo("32"))
                .body("settings.find { it.key == 'max-concurrency' }.source", equalTo("default"));
        as("narrow")
                .get("/v1/registrations/test")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:registration-not-found"));
        as("narrow").post("/v1/registrations/other/resume").then().statusCode(204);
        as("narrow").get("/v1/sessions/" + id + "/access-token").then().statusCode(200);
        as("narrow").post("/v1/registrations/test/resume").then().statusCode(404);
    }

    @Test
    void listsInPages() {
        String subject = "pages-" + UUID.randomUUID();
        for (int i = 0; i < 5; i++) {
            register("all", "test", subject, server.issue(subject).json()).statusCode(201);
        }
        String next = as("all")
                .queryParam("subject", subject)
                .get("/v1/sessions?limit=3&status=ACTIVE&registration=test")
                .then()
                .statusCode(200)
                .body("items", hasSize(3))
                .extract()
                .path("next");
        as("all")
                .queryParam("subject", subject)
                .queryParam("after", next)
                .get("/v1/sessions?limit=3")
                .then()
                .body("items", hasSize(2))
                .body("next", nullValue());
        as("all")
                .queryParam("subject", subject)
                .delete("/v1/sessions")
                .then()
                .statusCode(200)
                .body("removed", equalTo(5));
        as("all").queryParam("subject", subject).get("/v1/sessions").then().body("items", hasSize(0));
    }

    @Test
    void removesASession() {
        String id = id(register("all", "test", "alice", server.issue("alice").json()));
        as("all").delete("/v1/sessions/" + id).then().statusCode(204);
        as("all").get("/v1/sessions/" + id).then().statusCode(404);
        as("all").delete("/v1/sessions/" + id).then().statusCode(404);
        as("all").get("/v1/sessions/" + id + "/access-token").then().statusCode(404);
    }

    @Test
    void anotherCallersSessionIsNotThereInTheSameWords() {
        String id = id(register("all", "test", "alice", server.issue("alice").json()));
        for (String suffix : new String[] {"", "/access-token", "/id-token"}) {
            String others = as("narrow")
                    .get("/v1/sessions/" + id + suffix)
                    .then()
                    .statusCode(404)
                    .extract()
                    .asString();
            String unknown = as("narrow")
                    .get("/v1/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" + suffix)
                    .then()
                    .statusCode(404)
                    .extract()
                    .asString();
            assertThat(others).isEqualTo(unknown);
        }
        as("narrow").delete("/v1/sessions/" + id).then().statusCode(404);
        as("narrow").post("/v1/sessions/" + id + "/refresh").then().statusCode(404);
        as("all").get("/v1/sessions/" + id).then().statusCode(200);
    }

    @Test
    void answersTheIdTokenWithItsClaims() {
        String idToken = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImVtYWlsIjoiYUBiIn0.c2ln";
        String id = id(register(
                "all",
                "test",
                "alice",
                server.issue("alice").json().replace("{", "{\"id_token\":\"" + idToken + "\",")));
        as("all")
                .get("/v1/sessions/" + id + "/id-token?fresh=true")
                .then()
                .statusCode(200)
                .body("id_token", equalTo(idToken))
                .body("claims.email", equalTo("a@b"));
        as("all").get("/v1/sessions/" + id).then().body("version", equalTo(2));
        String none = id(register("all", "test", "alice", server.issue("alice").json()));
        as("all")
                .get("/v1/sessions/" + none + "/id-token")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:id-token-not-found"));
    }

    @Test
    void whateverIsNoCallIsAProblemToo() {
        as("all")
                .get("/nothing/here")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:tokenkeep:problem:not-found"));
        as("all")
                .patch("/v1/sessions")
                .then()
                .statusCode(405)
                .contentType("application/problem+json")
                .header("Allow", containsString("POST"));
        given().header("Authorization", "Bearer " + CallerKeys.token("sub-all"))
                .contentType("text/plain")
                .body("x")
                .post("/v1/sessions")
                .then()
                .statusCode(415)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:unsupported-media-type"));
        as("all")
                .accept("image/png")
                .get("/v1/sessions")
                .then()
                .statusCode(406)
                .contentType("application/problem+json");
        for (int size : new int[] {300 * 1024, 3 * 1024 * 1024}) {
            as("all")
                    .body("{\"subject\":\"" + "x".repeat(size) + "\"}")
                    .post("/v1/sessions")
                    .then()
                    .statusCode(413)
                    .contentType("application/problem+json")
                    .header("Cache-Control", "no-store")
                    .body("type", equalTo("urn:tokenkeep:problem:body-too-large"))
                    .body(not(containsString("xxx")));
        }
    }

    static RequestSpecification as(String caller) {
        return given().header("Authorization", "Bearer " + CallerKeys.token("sub-" + caller))
                .contentType("application/json");
    }

    /** A session of the caller that may do everything; its id. */
    static String registered(String subject, String tokenResponse) {
        return registeredAt("test", subject, tokenResponse);
    }

    static String registeredAt(String registration, String subject, String tokenResponse) {
        return id(register("all", registration, subject, tokenResponse).statusCode(201));
    }

    /** The next one that is refused pauses the registration. */
    static void refuseTwoSessions(ScriptedAuthorizationServer server, String registration) {
        for (String subject : List.of("one", "another")) {
            String id =
                    registeredAt(registration, subject, server.issue(subject).json());
            server.answerAlwaysFor(subject, 401, "{\"error\":\"invalid_client\"}");
            as("all")
                    .post("/v1/sessions/" + id + "/refresh")
                    .then()
                    .statusCode(503)
                    .body("type", equalTo("urn:tokenkeep:problem:authorization-server-unavailable"));
        }
    }

    private static ValidatableResponse register(
            String caller, String registration, String subject, String tokenResponse) {
        return as(caller)
                .body("{\"registration\":\"%s\",\"subject\":\"%s\",\"token_response\":%s}"
                        .formatted(registration, subject, tokenResponse))
                .post("/v1/sessions")
                .then();
    }

    private static String id(ValidatableResponse response) {
        return response.extract().path("id");
    }

    private static String path(String location) {
        return location.replaceFirst("https?://[^/]+", "");
    }
}
