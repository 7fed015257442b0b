package dev.tokenkeep.rest.registrations;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.RegisteredClients;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations whose client Tokenkeep registers at the authorization server (RFC 7591). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RegisterClientTest {

    private static final String BY = "provisioner";
    private static final String PROBLEM = "urn:tokenkeep:problem:";
    private static final String REFUSED = PROBLEM + "client-registration-refused";
    private static final String IN_USE = PROBLEM + "registration-in-use";
    private static final String UNAVAILABLE = PROBLEM + "authorization-server-unavailable";

    private final String name = "acme-" + UUID.randomUUID();
    private final String token = "initial-access-token-" + UUID.randomUUID();

    ScriptedAuthorizationServer server;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private RegisteredClients clients;

    @BeforeEach
    void registers() {
        clients = server.registered();
        clients.initialAccessToken(token);
        metadata("");
    }

    @AfterEach
    void asUsual() {
        clients.asUsual();
        server.metadata("");
        server.asUsual();
        var sql = new Sql(database);
        sql.execute("drop trigger if exists refused on tokenkeep_registration");
        sql.execute("delete from tokenkeep_session where registration like 'acme-%'");
        sql.execute("delete from tokenkeep_revocation where registration like 'acme-%'");
        sql.execute("delete from tokenkeep_registration");
        sql.execute("update tokenkeep_registration_version set version = version + 1");
    }

    /** @param more members of the metadata, each after a comma */
    private void metadata(String more) {
        server.metadata(",\"registration_endpoint\":\"" + server.registrationEndpoint() + "\"" + more);
    }

    private static RequestSpecification as(String caller) {
        return given().auth().oauth2(CallerKeys.token("sub-" + caller)).contentType("application/json");
    }

    private Map<String, String> settings(String... more) {
        var settings = new HashMap<>(Map.of("issuer", server.issuer().toString()));
        for (int at = 0; at < more.length; at += 2) {
            settings.put(more[at], more[at + 1]);
        }
        return settings;
    }

    private Map<String, String> client(String... more) {
        var client = new HashMap<>(Map.of("initial_access_token", token));
        for (int at = 0; at < more.length; at += 2) {
            client.put(more[at], more[at + 1]);
        }
        return client;
    }

    private static ValidatableResponse put(String caller, String registration, Map<String, ?> body) {
        return as(caller)
                .body(new String(Json.bytes(body)))
                .put("/v1/registrations/" + registration)
                .then();
    }

    private ValidatableResponse put(Map<String, String> settings, Map<String, String> client) {
        return put(BY, name, Map.of("settings", settings, "register_client", client));
    }

    private ValidatableResponse put(Map<String, String> settings) {
        return put(BY, name, Map.of("settings", settings));
    }

    private ValidatableResponse put() {
        return put(settings(), client());
    }

    private String registered() {
        return as(BY).body("{\"registration\":\"" + name + "\",\"subject\":\"alice\",\"token_response\":"
                        + server.issue("alice").json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static ValidatableResponse refresh(String session) {
        return as(BY).post("/v1/sessions/" + session + "/refresh").then();
    }

    private JsonNode request() {
        assertThat(clients.requests()).hasSize(1);
        return clients.requests().get(0);
    }

    private static String setting(String key) {
        return "settings.find { it.key == '" + key + "' }.value";
    }

    private void isNotThere() {
        as(BY).get("/v1/registrations/" + name).then().statusCode(404);
    }

    @Test
    void theClientThatIsRegisteredIsUsed() {
        String id = put(
                        settings("scope", "openid offline_access"),
                        client("client_name", "Acme mail", "scope", "openid email"))
                .statusCode(201)
                .body("state.name", equalTo(name))
                .body(setting("client-authentication"), equalTo("client_secret_basic"))
                .body(setting("client-secret"), nullValue())
                .body("client_secret_expires_at", nullValue())
                .extract()
                .path(setting("client-id"));
        assertThat(clients.ids()).contains(id);
        assertThat(request().toString())
                .isEqualTo("{\"client_name\":\"Acme mail\",\"grant_types\":[\"authorization_code\",\"refresh_token\"],"
                        + "\"response_types\":[\"code\"],\"scope\":\"openid email\","
                        + "\"token_endpoint_auth_method\":\"client_secret_basic\"}");
        String session = registered();
        refresh(session).statusCode(200).body("version", equalTo(2));
        refresh(session).statusCode(200);
    }

    @Test
    void itTellsWhatTheClientWillDo() {
        metadata(",\"device_authorization_endpoint\":\"" + server.deviceAuthorizationEndpoint() + "\"");
        put(settings("dpop", "true", "grants", "client_credentials", "scope", "openid"), client())
                .statusCode(201);
        assertThat(request().path("client_name").asText()).isEqualTo("Tokenkeep");
        assertThat(request().path("grant_types").toString())
                .isEqualTo("[\"authorization_code\",\"refresh_token\",\"urn:ietf:params:oauth:grant-type:device_code\","
                        + "\"client_credentials\"]");
        assertThat(request().path("dpop_bound_access_tokens").asBoolean()).isTrue();
        // Those of the settings are for sign-ins.
        assertThat(request().has("scope")).isFalse();
        // There is no hosted callback.
        assertThat(request().has("redirect_uris")).isFalse();
    }

    @Test
    void withOpenRegistrationItSendsNoToken() {
        clients.initialAccessToken(null);
        put(settings(), Map.of()).statusCode(201);
        refresh(registered()).statusCode(200);
    }

    @Test
    void withoutMetadataTheCallerSaysWhereClientsAreRegistered() {
        put(
                        Map.of("token-endpoint", server.tokenEndpoint().toString()),
                        client(
                                "registration_endpoint",
                                server.registrationEndpoint().toString()))
                .statusCode(201);
        refresh(registered()).statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | client_secret_basic",
                "'' | [\"client_secret_post\",\"client_secret_basic\"] | client_secret_basic",
                "'' | [\"private_key_jwt\",\"client_secret_post\"] | client_secret_post",
                "'' | [\"private_key_jwt\"] | client_secret_basic",
                "client_secret_basic | [\"client_secret_post\"] | client_secret_basic",
                "client_secret_post | '' | client_secret_post",
                "none | '' | none",
            })
    void itAsksForAMethodThatBothKnow(String configured, String supported, String method) {
        metadata(supported.isEmpty() ? "" : ",\"token_endpoint_auth_methods_supported\":" + supported);
        Map<String, String> settings =
                configured.isEmpty() ? settings() : settings("client-authentication", configured);
        put(settings, client())
                .statusCode(201)
                .body(setting("client-authentication"), equalTo(method))
                .body("settings.findAll { it.key == 'client-secret' }.size()", equalTo(method.equals("none") ? 0 : 1));
        assertThat(request().path("token_endpoint_auth_method").asText()).isEqualTo(method);
        refresh(registered()).statusCode(200);
    }

    @Test
    void aSecretSignsIfTheClientAuthenticatesByJwt() {
        put(settings("client-authentication", "client_secret_jwt"), client()).statusCode(201);
        assertThat(request().path("token_endpoint_auth_method").asText()).isEqualTo("client_secret_jwt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_post", "none"})
    void theServerMayChooseAnotherMethod(String method) {
        clients.change(answer -> {
            answer.put("token_endpoint_auth_method", method);
            if (method.equals("none")) {
                answer.remove("client_secret");
            }
        });
        put().statusCode(201).body(setting("client-authentication"), equalTo(method));
        refresh(registered()).statusCode(200);
    }

    @Test
    void theCallerIsToldWhenTheSecretExpires() {
        clients.change(answer -> answer.put("client_secret_expires_at", 1_900_000_000));
        put().statusCode(201).body("client_secret_expires_at", equalTo("2030-03-17T17:46:40Z"));
        as(BY).get("/v1/registrations/" + name).then().body("client_secret_expires_at", nullValue());
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_client_metadata, invalid_client_metadata",
        "400, invalid_redirect_uri, invalid_redirect_uri",
        "401, invalid_token, invalid_token",
        "401, '', http_401",
        "403, '', http_403",
        "404, '', http_404",
        "302, '', http_302",
        "400, Not a code: 1234, unreadable_error",
    })
    void aRefusalIsTold(int status, String error, String code) {
        String body = error.isEmpty()
                ? ""
                : "{\"error\":\"" + error + "\",\"error_description\":\"" + RegisteredClients.DESCRIPTION + "\"}";
        clients.answer(status, body, Map.of("Location", server.registrationEndpoint() + "/elsewhere"));
        String answer = put().statusCode(400)
                .body("type", equalTo(REFUSED))
                .body("code", equalTo(code))
                .body("detail", containsString(code))
                .extract()
                .asString();
        assertThat(answer).doesNotContain(RegisteredClients.DESCRIPTION, "1234");
        assertThat(clients.requests()).hasSize(1);
        isNotThere();
    }

    @Test
    void aWrongInitialAccessTokenIsRefused() {
        put(settings(), Map.of("initial_access_token", "another"))
                .statusCode(400)
                .body("type", equalTo(REFUSED))
                .body("code", equalTo("invalid_token"));
        isNotThere();
    }

    @ParameterizedTest
    @CsvSource({"500, http_500", "503, http_503", "429, http_429"})
    void aServerThatIsInTroubleIsAskedAgainLater(int status, String code) {
        clients.answer(status, "", Map.of("Retry-After", "17"));
        put().statusCode(503)
                .body("type", equalTo(UNAVAILABLE))
                .body("code", equalTo(code))
                .header("Retry-After", equalTo("17"));
        isNotThere();
    }

    @Test
    void aServerThatHangsIsGivenUp() {
        Gate gate = clients.hold();
        put(settings("timeout", "1s", "hard-cap", "1s"), client())
                .statusCode(503)
                .body("type", equalTo(UNAVAILABLE))
                .body("code", equalTo("timeout"))
                .header("Retry-After", equalTo("5"));
        gate.open();
        isNotThere();
    }

    @Test
    void anAnswerOutOfProportionIsGivenUp() {
        clients.answer(201, "{\"client_id\":\"" + "x".repeat(2_000_000) + "\"}", Map.of());
        put().statusCode(503).body("code", equalTo("response_too_large"));
        isNotThere();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>welcome</html>",
                "[]",
                "{}",
                "{\"client_id\":7,\"client_secret\":\"s\"}",
                "{\"client_id\":\"\",\"client_secret\":\"s\"}",
                "{\"client_id\":\"a\\nb\",\"client_secret\":\"s\"}",
                "{\"client_id\":\"a\",\"client_secret\":7}",
                "{\"client_id\":\"a\",\"client_id\":\"b\",\"client_secret\":\"s\"}",
                "{\"client_id\":\"a\",\"client_secret\":\"s\"} {}",
            })
    void anAnswerWithoutAClientIsRefused(String body) {
        clients.answer(201, body, Map.of());
        put().statusCode(400).body("type", equalTo(REFUSED)).body("code", equalTo("unreadable_response"));
        isNotThere();
    }

    @Test
    void anAnswerMayHaveStatus200() {
        clients.answer(200, "{\"client_id\":\"a\",\"client_secret\":\"s\"}", Map.of());
        put().statusCode(201)
                .body(setting("client-id"), equalTo("a"))
                .body(setting("client-authentication"), equalTo("client_secret_basic"));
    }

    /** Nobody can use the client then, and only the operator of the server can remove it. */
    @ParameterizedTest
    @CsvSource({
        "token_endpoint_auth_method, private_key_jwt, client_authentication_not_supported",
        "token_endpoint_auth_method, magic, client_authentication_not_supported",
        "client_secret, '', client_secret_missing",
    })
    void aClientThatCannotBeUsedIsRefusedAndLogged(String member, String value, String code) {
        var issued = new ArrayList<String>();
        clients.change(answer -> {
            issued.add(answer.path("client_id").asText());
            if (value.isEmpty()) {
                answer.remove(member);
            } else {
                answer.put(member, value);
            }
        });
        try (var lines = LogLines.of("dev.tokenkeep")) {
            put().statusCode(400).body("type", equalTo(REFUSED)).body("code", equalTo(code));
            assertThat(lines.with("the client " + issued.get(0))).hasSize(1);
        }
        isNotThere();
    }

    @Test
    void aSecretThatIsTooShortToSignIsRefused() {
        clients.change(answer -> answer.put("client_secret", "short"));
        put(settings("client-authentication", "client_secret_jwt"), client())
                .statusCode(400)
                .body("type", equalTo(REFUSED))
                .body("code", equalTo("client_not_usable"));
        isNotThere();
    }

    @Test
    void aRegistrationThatCannotBeStoredLeavesAClientThatIsLogged() {
        var sql = new Sql(database);
        sql.execute("create or replace function tokenkeep_refused() returns trigger language plpgsql as"
                + " $$ begin raise exception 'no'; end $$");
        sql.execute("create trigger refused before insert on tokenkeep_registration"
                + " for each row execute function tokenkeep_refused()");
        var issued = new ArrayList<String>();
        clients.change(answer -> issued.add(answer.path("client_id").asText()));
        try (var lines = LogLines.of("dev.tokenkeep")) {
            put().statusCode(503).body("type", equalTo(PROBLEM + "storage-unavailable"));
            assertThat(lines.with("but the registration was not stored"))
                    .singleElement()
                    .asString()
                    .contains(issued.get(0));
        }
        isNotThere();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://10.0.0.1/register | settings.issuer | its address is not public",
                "https://[fd00::1]/register | settings.issuer | its address is not public",
                "http://as.example/register | register_client.registration_endpoint | is required",
                "https://user@as.example/register | register_client.registration_endpoint | is required",
                "register | register_client.registration_endpoint | is required",
            })
    void anEndpointOfTheMetadataMustBeOneThatSecretsMayGoTo(String endpoint, String member, String why) {
        server.metadata(",\"registration_endpoint\":\"" + endpoint + "\"");
        put().statusCode(400).body("member", equalTo(member)).body("detail", containsString(why));
        assertThat(clients.requests()).isEmpty();
        isNotThere();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://10.0.0.1/register | is not at a public address",
                "http://as.example/register | plain http is refused",
                "not a URL | is not a URL",
            })
    void anEndpointOfTheCallerMustBeOneThatSecretsMayGoTo(String endpoint, String why) {
        put(settings(), client("registration_endpoint", endpoint))
                .statusCode(400)
                .body("member", equalTo("register_client.registration_endpoint"))
                .body("detail", containsString(why));
        assertThat(clients.requests()).isEmpty();
    }

    @Test
    void aServerWithoutSuchAnEndpointIsTold() {
        server.metadata("");
        put().statusCode(400)
                .body("member", equalTo("register_client.registration_endpoint"))
                .body("detail", containsString("the metadata of the authorization server has no usable one"));
        put(Map.of("token-endpoint", server.tokenEndpoint().toString()), client())
                .statusCode(400)
                .body("member", equalTo("register_client.registration_endpoint"));
    }

    @Test
    void theMetadataMustBeThoseOfTheIssuer() {
        put(settings("issuer", server.issuer() + "/"), client())
                .statusCode(400)
                .body("member", equalTo("settings.issuer"))
                .body("detail", containsString("names another issuer"));
        put(settings("issuer", server.issuer() + "/nowhere", "hard-cap", "2s", "timeout", "1s"), client())
                .statusCode(503)
                .body("code", equalTo("discovery_failed"));
        assertThat(clients.requests()).isEmpty();
    }

    /** So that no client is left at the server that nobody uses. */
    @Test
    void allThatCanBeCheckedIsCheckedBefore() {
        put(settings("rotation", "stric"), client()).statusCode(400).body("member", equalTo("settings.rotation"));
        put(settings("client-keys", "/etc"), client()).statusCode(400).body("member", equalTo("settings.client-keys"));
        put(BY, "other-1", Map.of("settings", settings(), "register_client", client()))
                .statusCode(403);
        put("registrations-admin", "test", Map.of("settings", settings(), "register_client", client()))
                .statusCode(409)
                .body("type", equalTo(PROBLEM + "registration-configured"));
        put("all", name, Map.of("settings", settings(), "register_client", client()))
                .statusCode(403);
        put(BY, "acme-%20", Map.of("settings", settings(), "register_client", client()))
                .statusCode(400)
                .body("member", equalTo("name"));
        assertThat(clients.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "client-id, c, settings.client-id",
        "client-secret, s, settings.client-secret",
        "client-authentication, private_key_jwt, settings.client-authentication",
        "client-authentication, tls_client_auth, settings.client-authentication",
        "client-authentication, magic, settings.client-authentication",
    })
    void settingsHaveNoClientOfTheirOwn(String key, String value, String member) {
        put(settings(key, value), client())
                .statusCode(400)
                .body("member", equalTo(member))
                .body("detail", containsString("register_client"));
        assertThat(clients.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | register_client",
                "[] | register_client",
                "{\"client_name\":7} | register_client.client_name",
                "{\"client_name\":\"\"} | register_client.client_name",
                "{\"initial_access_token\":\"a\\nb\"} | register_client.initial_access_token",
                "{\"initial_access_token\":\"caf\\u00e9\"} | register_client.initial_access_token",
                "{\"scope\":\"a  b\"} | register_client.scope",
                "{\"redirect_uris\":\"https://x.example\"} | register_client.redirect_uris",
            })
    void whatIsWrongIsToldByItsMember(String client, String member) {
        as(BY).body("{\"settings\":{\"issuer\":\"" + server.issuer() + "\"},\"register_client\":" + client + "}")
                .put("/v1/registrations/" + name)
                .then()
                .statusCode(400)
                .body("member", equalTo(member));
        assertThat(clients.requests()).isEmpty();
    }

    @Test
    void aRegistrationThatHasAClientGetsNoOther() {
        put().statusCode(201);
        put().statusCode(409).body("type", equalTo(IN_USE)).body("detail", containsString("It has a client already"));
        assertThat(clients.requests()).hasSize(1);
    }

    @Test
    void theSecretThatSessionsNeedIsNotDeleted() {
        put().statusCode(201);
        registered();
        as(BY).delete("/v1/registrations/" + name)
                .then()
                .statusCode(409)
                .body("type", equalTo(IN_USE))
                .body("detail", containsString("only Tokenkeep knows the secret"));
        as(BY).get("/v1/registrations/" + name).then().statusCode(200);
        as(BY).delete("/v1/registrations/" + name + "?sessions=remove").then().statusCode(204);
        put().statusCode(409).body("type", equalTo(IN_USE));
        assertThat(clients.requests()).hasSize(1);
    }

    @Test
    void ofTwoAtOnceOneIsStoredAndTheClientOfTheOtherIsLogged() {
        Gate gate = clients.hold();
        try (var lines = LogLines.of("dev.tokenkeep")) {
            var one = CompletableFuture.supplyAsync(() -> put().extract().response());
            var two = CompletableFuture.supplyAsync(() -> put().extract().response());
            gate.awaitArrival();
            await().until(() -> clients.requests().size() == 2);
            gate.open();
            assertThat(List.of(one.join().statusCode(), two.join().statusCode()))
                    .containsExactlyInAnyOrder(201, 409);
            String used = as(BY).get("/v1/registrations/" + name).path(setting("client-id"));
            assertThat(lines.with("but the registration was not stored"))
                    .singleElement()
                    .asString()
                    .contains(name)
                    .doesNotContain(used);
        }
        refresh(registered()).statusCode(200);
    }

    @Test
    void settingsWithoutAClientKeepTheOneThatWasRegistered() {
        String id = put(settings("client-authentication", "client_secret_post"), client())
                .statusCode(201)
                .extract()
                .path(setting("client-id"));
        String session = registered();
        put(settings("max-concurrency", "7"))
                .statusCode(200)
                .body(setting("client-id"), equalTo(id))
                .body(setting("client-authentication"), equalTo("client_secret_post"))
                .body(setting("max-concurrency"), equalTo("7"));
        refresh(session).statusCode(200);
        // However often, and whatever they say of the client's method.
        put(settings("client-authentication", "none")).statusCode(200).body(setting("client-id"), equalTo(id));
        refresh(session).statusCode(200);
        put(settings("rotation", "stric")).statusCode(400).body("member", equalTo("settings.rotation"));
        put().statusCode(409);
        assertThat(clients.requests()).hasSize(1);
    }

    /** Or whoever may change the registration could have its secret sent anywhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "token-endpoint",
                "refresh-endpoint",
                "revocation-endpoint",
                "pushed-authorization-request-endpoint",
                "device-authorization-endpoint",
                "issuer",
            })
    void theRegisteredClientStaysWithItsServer(String address) {
        put().statusCode(201);
        put(settings(address, "https://elsewhere.example/"))
                .statusCode(400)
                .body("member", equalTo("settings.client-id"))
                .body("detail", containsString("no address of its server changes"));
    }

    @Test
    void aClientOfTheCallerReplacesTheRegisteredOne() {
        put().statusCode(201);
        put(settings("client-id", "own", "client-secret", "own"))
                .statusCode(200)
                .body(setting("client-id"), equalTo("own"));
        // That one is the caller's, who knows its secret.
        put(settings()).statusCode(400).body("member", equalTo("settings.client-id"));
        put(settings("client-secret", "own")).statusCode(400).body("member", equalTo("settings.client-id"));
    }

    @Test
    void noSecretIsTold() {
        try (var lines = LogLines.of("")) {
            var told = new ArrayList<String>();
            Consumer<ValidatableResponse> tell =
                    answer -> told.add(answer.extract().asString());
            tell.accept(put().statusCode(201));
            tell.accept(put());
            tell.accept(as(BY).get("/v1/registrations/" + name).then());
            tell.accept(put(settings("max-concurrency", "5")).statusCode(200));
            clients.change(answer -> answer.put("token_endpoint_auth_method", "magic"));
            tell.accept(put(BY, name + "-2", Map.of("settings", settings(), "register_client", client()))
                    .body("detail", matchesPattern(".+")));
            var secrets = new ArrayList<>(clients.secrets());
            secrets.add(token);
            assertThat(secrets).hasSizeGreaterThan(4);
            assertThat(secrets).allSatisfy(secret -> {
                assertThat(told).noneMatch(answer -> answer.contains(secret));
                assertThat(lines.with(secret)).isEmpty();
                assertThat(new Sql(database)
                                .select("select count(*) from tokenkeep_registration" + " where position('" + secret
                                        + "' in encode(settings, 'escape')) > 0"))
                        .isEqualTo("0");
            });
            assertThat(lines.with("putRegistration"))
                    .hasSize(4)
                    .first()
                    .asString()
                    .contains("\"caller\":\"" + BY + "\"", "\"registration\":\"" + name + "\"", "allowed");
            assertThat(lines.with("putRegistration")).last().asString().contains("client-registration-refused");
        }
    }
}
