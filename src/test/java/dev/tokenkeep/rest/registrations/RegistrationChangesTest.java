package dev.tokenkeep.rest.registrations;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.lifecycle.ReceivedTokens;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationGoneException;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations that a caller adds, changes and removes while Tokenkeep runs. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RegistrationChangesTest {

    private static final String BY = "provisioner";
    private static final String IN_USE = "urn:tokenkeep:problem:registration-in-use";

    private final String name = "acme-" + UUID.randomUUID();

    ScriptedAuthorizationServer server;

    @Inject
    ClientRegistrations registrations;

    @Inject
    SessionService sessions;

    @Inject
    Event<RegistrationsChanged> changed;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private static RequestSpecification as(String caller) {
        return given().auth().oauth2(CallerKeys.token("sub-" + caller)).contentType("application/json");
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
        var sql = new Sql(database);
        sql.execute("delete from tokenkeep_session where registration like 'acme-%'");
        sql.execute("delete from tokenkeep_revocation where registration like 'acme-%'");
        sql.execute("delete from tokenkeep_registration");
        sql.execute("update tokenkeep_registration_version set version = version + 1");
    }

    private Map<String, String> settings(String... more) {
        var settings = new HashMap<>(Map.of(
                "token-endpoint",
                server.tokenEndpoint().toString(),
                "revocation-endpoint",
                server.revocationEndpoint().toString(),
                "client-id",
                ScriptedAuthorizationServer.CLIENT_ID,
                "client-secret",
                ScriptedAuthorizationServer.CLIENT_SECRET));
        for (int at = 0; at < more.length; at += 2) {
            if (more[at + 1].isEmpty()) {
                settings.remove(more[at]);
            } else {
                settings.put(more[at], more[at + 1]);
            }
        }
        return settings;
    }

    private static ValidatableResponse put(String registration, Map<String, String> settings) {
        return put(BY, registration, settings);
    }

    private static ValidatableResponse put(String caller, String registration, Map<String, String> settings) {
        return as(caller)
                .body(new String(Json.bytes(Map.of("settings", settings))))
                .put("/v1/registrations/" + registration)
                .then();
    }

    private ValidatableResponse delete(String query) {
        return as(BY).delete("/v1/registrations/" + name + query).then();
    }

    private ValidatableResponse register() {
        return as(BY).body("{\"registration\":\"" + name + "\",\"subject\":\"alice\",\"token_response\":"
                        + server.issue("alice").json() + "}")
                .post("/v1/sessions")
                .then();
    }

    private String registered() {
        return register().statusCode(201).extract().path("id");
    }

    private static ValidatableResponse refresh(String session) {
        return as(BY).post("/v1/sessions/" + session + "/refresh").then();
    }

    @Test
    void aRegistrationThatIsAddedWorksAtOnce() {
        put(name, settings())
                .statusCode(201)
                .body("state.name", equalTo(name))
                .body("settings.find { it.key == 'client-id' }.source", equalTo("api"))
                .body("settings.find { it.key == 'client-secret' }.value", nullValue())
                .body("settings.find { it.key == 'rotation' }.source", equalTo("default"));
        String session = registered();
        refresh(session).statusCode(200).body("version", equalTo(2));
        as("all").get("/v1/registrations").then().body("items.name", hasItem(name));
        as(BY).get("/v1/registrations/" + name)
                .then()
                .statusCode(200)
                .body(not(containsString(ScriptedAuthorizationServer.CLIENT_SECRET)));
        as(BY).get("/v1/sessions?registration=" + name).then().body("items.id", equalTo(List.of(session)));
        // The caller's registrations are named by how they begin.
        as(BY).get("/v1/sessions?subject=alice").then().body("items.id", hasItem(session));
    }

    @Test
    void presetsFillInWhatIsLeftOut() {
        put(name, Map.of("provider", "dropbox", "client-id", "c", "client-secret", "s"))
                .statusCode(201)
                .body("settings.find { it.key == 'token-endpoint' }.source", equalTo("provider"))
                .body("settings.find { it.key == 'provider' }.source", equalTo("api"));
    }

    @Test
    void theSettingsAreReplacedAsAWhole() {
        put(name, settings("max-concurrency", "7")).statusCode(201).body("state.permits_available", equalTo(7));
        String session = registered();
        refresh(session).statusCode(200);
        put(name, settings("max-concurrency", "7")).statusCode(200);
        put(name, settings("max-concurrency", "3")).statusCode(200).body("state.permits_available", equalTo(3));
        put(name, settings()).statusCode(200).body("state.permits_available", equalTo(32));
        refresh(session).statusCode(200);
        // Another secret: the server refuses it, so it is the one that is used.
        put(name, settings("client-secret", "wrong")).statusCode(200);
        refresh(session).statusCode(503);
        put(name, settings()).statusCode(200);
        await().untilAsserted(() -> refresh(session).statusCode(200));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token-endpont | https://as.example/token | settings.token-endpont | nearest is token-endpoint",
                "token-endpoint | ftp://as.example | settings.token-endpoint | must be an absolute https URL",
                "token-endpoint | http://as.example/token | settings.token-endpoint | plain http is refused",
                "token-endpoint | https://10.0.0.1/token | settings.token-endpoint | is not at a public address",
                "issuer | https://[fd00::1] | settings.issuer | is not at a public address",
                "jwks | https://169.254.169.254/keys | settings.jwks | is not at a public address",
                "client-id | '' | settings.client-id | is required",
                "client-secret | '' | settings.client-secret | is required",
                "client-secret-file | /etc/passwd | settings.client-secret-file | only be set by the operator",
                "client-keys | /etc | settings.client-keys | only be set by the operator",
                "client-keys-transit | crm | settings.client-keys-transit | only be set by the operator",
                "tls-configuration | internal | settings.tls-configuration | only be set by the operator",
                "proxy | none | settings.proxy | only be set by the operator",
                "provider | githb | settings.provider | ; the nearest are [gitlab",
                "rotation | a-secret-in-the-wrong-place | settings.rotation | is not supported",
                "hard-cap | 2h | settings.hard-cap | must be at most 30 minutes",
                "max-concurrency | 101 | settings.max-concurrency | must be a number from 1 to 100",
                "hard-cap | 6s | settings.hard-cap | must not be longer than the operator's",
                "targets.mail | x | settings.targets.mail | there is no such setting",
                "targets.mail.via | post | settings.targets.mail | settings.targets.mail.via: ",
                ". | x | settings.. | there is no such setting",
            })
    void whatIsWrongIsToldByItsKey(String key, String value, String member, String why) {
        put(name, settings(key, value))
                .statusCode(400)
                .body("type", equalTo("urn:tokenkeep:problem:invalid-request"))
                .body("member", equalTo(member))
                .body("detail", containsString(why == null ? "" : why))
                .body("detail", not(containsString("a-secret-in-the-wrong-place")));
        as(BY).get("/v1/registrations/" + name).then().statusCode(404);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        put(name, settings("client-id", "", "max-concurrency", "many"))
                .statusCode(400)
                .body("detail", containsString("settings.client-id: is required"))
                .body("detail", containsString("settings.max-concurrency: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"settings\":{}}", "{\"settings\":[]}", "{\"settings\":{\"client-id\":7}}", "[]"})
    void aBodyWithoutSettingsIsRefused(String body) {
        as(BY).body(body).put("/v1/registrations/" + name).then().statusCode(400);
    }

    @Test
    void aNameThatCannotBeOneIsRefused() {
        put("acme-%20", settings()).statusCode(400).body("member", equalTo("name"));
        put("acme-" + "x".repeat(60), settings()).statusCode(400).body("member", equalTo("name"));
        for (String none : List.of("acme-%00", "acme-%20", "acme-~x", "acme-")) {
            as(BY).delete("/v1/registrations/" + none).then().statusCode(404);
            as(BY).get("/v1/registrations/" + none).then().statusCode(404);
        }
    }

    @Test
    void aCallerChangesOnlyWhatItsNamesCover() {
        put(BY, "other-1", settings()).statusCode(403);
        put("registrations-admin", name, settings()).statusCode(201);
        as(BY).delete("/v1/registrations/test").then().statusCode(404);
        for (String caller : List.of("tokens-read", "sessions-read", "sessions-write", "sessions-admin", "all")) {
            put(caller, name, settings()).statusCode(403);
            as(caller).delete("/v1/registrations/" + name).then().statusCode(403);
        }
        as("registrations-admin").get("/v1/registrations/" + name).then().statusCode(200);
    }

    @Test
    void whatTheOperatorHasConfiguredStays() {
        for (ValidatableResponse answer : List.of(
                put("registrations-admin", "test", settings()),
                as("registrations-admin").delete("/v1/registrations/test").then())) {
            answer.statusCode(409).body("type", equalTo("urn:tokenkeep:problem:registration-configured"));
        }
    }

    /** Its refresh tokens would go to a server that never gave them. */
    @Test
    void theDestinationOfTokensStaysWhileThereAreSessions() {
        put(name, settings()).statusCode(201);
        String session = registered();
        Map<String, String> elsewhere = settings("token-endpoint", "https://elsewhere.example/token");
        put(name, elsewhere).statusCode(409).body("type", equalTo(IN_USE));
        put(name, settings("client-id", "another")).statusCode(409).body("type", equalTo(IN_USE));
        put(name, settings("refresh-endpoint", "https://elsewhere.example/token"))
                .statusCode(409)
                .body("type", equalTo(IN_USE));
        delete("").statusCode(204);
        put(name, elsewhere).statusCode(409).body("type", equalTo(IN_USE));
        put(name, settings()).statusCode(201);
        refresh(session).statusCode(200);
        as(BY).delete("/v1/sessions/" + session).then().statusCode(204);
        // Its refresh token is still to be revoked, where it came from.
        put(name, elsewhere).statusCode(409).body("type", equalTo(IN_USE));
        var sql = new Sql(database);
        sql.execute("delete from tokenkeep_revocation where registration = '" + name + "'");
        sql.execute("delete from tokenkeep_session where registration = '" + name + "'");
        put(name, elsewhere).statusCode(200);
    }

    /** As a replica does that has not heard of the change. */
    @Test
    void tokensAreNotKeptUnderARegistrationThatHasBecomeAnotherOne() {
        put(name, settings()).statusCode(201);
        ClientRegistration former = registrations.find(name).orElseThrow();
        put(name, settings("client-id", "another")).statusCode(200);
        var tokens = RegisteredTokens.read(json(server.issue("alice")));
        assertThatThrownBy(() -> sessions.register(former, "alice", BY, received(tokens)))
                .isInstanceOf(RegistrationGoneException.class);
        delete("").statusCode(204);
        assertThatThrownBy(() -> sessions.register(former, "alice", BY, received(tokens)))
                .isInstanceOf(RegistrationGoneException.class);
        put(name, settings()).statusCode(201);
        sessions.register(former, "alice", BY, received(tokens));
        as(BY).get("/v1/sessions?registration=" + name).then().body("items.size()", equalTo(1));
    }

    /** As a replica does that has not heard of the change: what it has belongs to another server. */
    @Test
    void aReplicaThatHasNotHeardOfAChangeSendsNothing() {
        put(name, settings()).statusCode(201);
        String session = registered();
        int before = server.ledger().tokenRequests();
        var sql = new Sql(database);
        String own = sql.select("select destination from tokenkeep_registration where name = '" + name + "'");
        sql.execute("update tokenkeep_registration set destination = 'another' where name = '" + name + "'");
        refresh(session).statusCode(503);
        assertThat(server.ledger().tokenRequests()).isEqualTo(before);
        sql.execute("update tokenkeep_registration set destination = '" + own + "' where name = '" + name + "'");
        refresh(session).statusCode(200);
    }

    /** Sessions that are registered under the operator's name never become those of the API's. */
    @Test
    void theOperatorTakesANameForGood() {
        put(name, settings()).statusCode(201);
        var sql = new Sql(database);
        sql.execute("update tokenkeep_registration set name = 'test' where name = '" + name + "'");
        String state = "select state || ' ' || destination || ' ' || (settings is null) from tokenkeep_registration"
                + " where name = 'test'";
        // Replicas may have different configurations while they are updated.
        changed.fire(new RegistrationsChanged(Set.of("test")));
        assertThat(sql.select(state)).startsWith("ACTIVE");
        sql.execute("update tokenkeep_registration set changed_at = now() - interval '11 minutes'");
        changed.fire(new RegistrationsChanged(Set.of("test")));
        assertThat(sql.select(state)).isEqualTo("REMOVED  true");
        assertThat(registrations.find("test").orElseThrow().server().origin().isOfTheApi())
                .isFalse();
    }

    /** As a standby that lacks the last changes, or a backup. */
    @Test
    void aDatabaseThatGoesBackIsFollowed() {
        put(name, settings()).statusCode(201);
        var sql = new Sql(database);
        sql.execute("delete from tokenkeep_registration where name = '" + name + "'");
        sql.execute("update tokenkeep_registration_version set version = version - 1");
        await().untilAsserted(() -> assertThat(registrations.find(name)).isEmpty());
        put(name, settings("max-concurrency", "5")).statusCode(201);
        assertThat(registrations.find(name).orElseThrow().limits().maxConcurrency())
                .isEqualTo(5);
    }

    @Test
    void aRegistrationWhoseKeyIsMissingStaysAsItWas() {
        put(name, settings("max-concurrency", "5")).statusCode(201);
        var sql = new Sql(database);
        try (var lines = LogLines.of("dev.tokenkeep.registration")) {
            sql.execute("update tokenkeep_registration set key_id = 'gone', version = version + 1 where name = '" + name
                    + "'");
            sql.execute("update tokenkeep_registration_version set version = version + 1");
            await().untilAsserted(() ->
                    assertThat(lines.with(name + ": the encryption key")).hasSize(1));
        }
        assertThat(registrations.find(name).orElseThrow().limits().maxConcurrency())
                .isEqualTo(5);
        delete("?sessions=remove").statusCode(503).body("type", equalTo("urn:tokenkeep:problem:key-unavailable"));
        put(name, settings("max-concurrency", "6")).statusCode(200);
        assertThat(registrations.find(name).orElseThrow().limits().maxConcurrency())
                .isEqualTo(6);
    }

    private static JsonNode json(IssuedTokens tokens) {
        try {
            return Json.read(tokens.json().getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ReceivedTokens received(TokenResponse response) {
        return new ReceivedTokens(response, Duration.ZERO, null, result -> {});
    }

    @Test
    void theSessionsOfARemovedRegistrationStay() {
        put(name, settings()).statusCode(201);
        String session = registered();
        delete("").statusCode(204);
        delete("").statusCode(404);
        as(BY).get("/v1/registrations/" + name).then().statusCode(404);
        register().statusCode(400).body("member", equalTo("registration"));
        as(BY).get("/v1/sessions/" + session).then().statusCode(200).body("status", equalTo("ACTIVE"));
        // Good until it expires.
        as(BY).get("/v1/sessions/" + session + "/access-token").then().statusCode(200);
        refresh(session).statusCode(503).body("detail", containsString("its registration is missing"));
        put(name, settings()).statusCode(201);
        refresh(session).statusCode(200);
    }

    @Test
    void aSecretIsNowhereInTheClear() {
        String secret = "client-secret-" + UUID.randomUUID();
        try (var lines = LogLines.of("dev.tokenkeep")) {
            String answer = put(name, settings("client-secret", secret))
                    .statusCode(201)
                    .extract()
                    .asString();
            assertThat(answer).doesNotContain(secret);
            assertThat(lines.with(secret)).isEmpty();
            assertThat(lines.with("putRegistration"))
                    .singleElement()
                    .asString()
                    .contains("\"caller\":\"" + BY + "\"", "\"registration\":\"" + name + "\"", "allowed");
        }
        assertThat(new Sql(database)
                        .select("select position('" + secret + "' in encode(settings, 'escape')) from"
                                + " tokenkeep_registration where name = '" + name + "'"))
                .isEqualTo("0");
    }

    @Test
    void aBodyThatIsOutOfProportionIsRefused() {
        var many = new HashMap<String, String>();
        for (int i = 0; i <= 200; i++) {
            many.put("parameters.p" + i, "x");
        }
        put(name, many).statusCode(400).body("member", equalTo("settings"));
        put(name, settings("headers." + "x".repeat(200), "y")).statusCode(400).body("member", equalTo("settings"));
    }

    @Test
    void aNameInAGroupMayHaveDotsAndWinsOverThePresets() {
        put(
                        name,
                        Map.of(
                                "provider",
                                "google",
                                "client-id",
                                "c",
                                "client-secret",
                                "s",
                                "authorization-parameters.prompt",
                                "none"))
                .statusCode(201)
                .body("settings.find { it.key == 'authorization-parameters.prompt' }.value", equalTo("none"))
                .body("settings.find { it.key == 'authorization-parameters.prompt' }.source", equalTo("api"));
        put(name + "-2", settings("headers.x.y", "z")).statusCode(201);
    }

    @Test
    void anUnknownParameterIsRefused() {
        put(name, settings()).statusCode(201);
        delete("?sessions=all").statusCode(400).body("member", equalTo("sessions"));
        delete("?session=remove").statusCode(400);
    }
}
