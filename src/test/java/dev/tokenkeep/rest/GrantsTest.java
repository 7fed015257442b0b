package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that are not renewed with a refresh token. */
@QuarkusTest
@TestProfile(GrantsTest.Jobs.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(GrantsTest.Machines.class)
class GrantsTest {

    public static final class Jobs implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tokenkeep.refresh.every", "1s");
        }
    }

    /**
     * The registrations {@code machine}, which allows client credentials and access tokens alone, and {@code person}, which
     * does neither. The caller {@code named} has both by name, {@code anywhere} is not named for any.
     */
    public static final class Machines implements QuarkusTestResourceLifecycleManager {

        private final ScriptedAuthorizationServer server =
                ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(60));

        @Override
        public Map<String, String> start() {
            var config = new HashMap<>(AuthorizationServerResource.registration("machine", server, "strict"));
            config.put("tokenkeep.registrations.machine.grants", "client_credentials," + EXCHANGE + "," + BEARER);
            config.put("tokenkeep.registrations.machine.require-refresh-token", "false");
            config.putAll(AuthorizationServerResource.registration("person", server, "strict"));
            config.putAll(AuthorizationServerResource.registration("limited", server, "strict"));
            config.put("tokenkeep.registrations.limited.grants", EXCHANGE);
            config.put("tokenkeep.registrations.limited.rate-limit", "2/1h");
            config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
            config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
            config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
            for (String name : new String[] {"named", "rival", "anywhere"}) {
                config.put("tokenkeep.callers." + name + ".subject", "sub-" + name);
                config.put("tokenkeep.callers." + name + ".permissions", "tokens:read,sessions:read,sessions:write");
            }
            config.put("tokenkeep.callers.named.registrations", "machine,person,limited");
            config.put("tokenkeep.callers.named.max-concurrency", "200");
            config.put("tokenkeep.callers.rival.registrations", "machine");
            return config;
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(server, field -> field.getType() == ScriptedAuthorizationServer.class);
        }

        @Override
        public void stop() {
            server.close();
        }
    }

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String OF_AN_ACCESS_TOKEN =
            "\",\"subject_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"";

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    ScriptedAuthorizationServer server;

    private final String scope = "scope-" + UUID.randomUUID();

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void clientCredentialsAreAskedForOnceHoweverManyRead_H19() {
        String id = client("named", scope)
                .statusCode(201)
                .body("grant", equalTo("client_credentials"))
                .extract()
                .path("id");
        var reads = IntStream.range(0, 100)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> read(id).extract().<String>path("access_token")))
                .toList();
        var tokens = new HashSet<String>();
        reads.forEach(read -> tokens.add(read.join()));
        assertThat(tokens).hasSize(1).doesNotContainNull();
        assertThat(server.clientScopes()).containsOnlyOnce(scope);
    }

    @Test
    void oneCallerHasOneSessionOfARegistrationForAScope() {
        String id = client("named", scope).statusCode(201).extract().path("id");
        client("named", scope).statusCode(200).body("id", equalTo(id));
        assertThat(client("named", scope + " more").statusCode(201).extract().<String>path("id"))
                .isNotEqualTo(id);
        assertThat(client("rival", scope).statusCode(201).extract().<String>path("id"))
                .isNotEqualTo(id);
    }

    @Test
    void isAskedForAgainBeforeItExpiresAndItsRefreshTokenIsIgnored_H19() {
        String id = client("named", scope).extract().path("id");
        String first = read(id).statusCode(200).extract().path("access_token");
        new Sql(database).execute("update tokenkeep_session set refresh_due_at = now() where id = '" + id + "'");
        await().until(() -> !read(id).extract().<String>path("access_token").equals(first));
        assertThat(server.clientScopes()).filteredOn(scope::equals).hasSize(2);
        assertThat(server.ledger().spentTwice()).isEmpty();
        as("named").get("/v1/sessions/" + id).then().body("status", equalTo("ACTIVE"));
    }

    /** Nothing is spent, so an answer that is lost is no reason to wait, strict rotation or not. */
    @Test
    void isAskedForAgainAtOnceWhenAnAnswerIsLost() {
        String id = client("named", scope).extract().path("id");
        server.dropNextAfterSpending();
        await().until(() -> read(id).extract().statusCode() == 200);
        assertThat(server.clientScopes()).filteredOn(scope::equals).hasSizeGreaterThanOrEqualTo(2);
    }

    /** There is no user who could sign in again. */
    @ParameterizedTest
    @CsvSource({"invalid_grant", "consent_required", "invalid_scope"})
    void noRefusalEndsIt(String error) {
        server.answerAlways(400, "{\"error\":\"" + error + "\"}", Map.of());
        String id = client("named", scope).extract().path("id");
        await().untilAsserted(() -> as("named")
                .get("/v1/sessions/" + id)
                .then()
                .body("failure.code", equalTo(error))
                .body("status", equalTo("ACTIVE")));
        server.asUsual();
        await().until(() -> read(id).extract().statusCode() == 200);
    }

    @Test
    void canBeAskedForAgainAfterItWasRemovedAndRevokesNothing() {
        String id = client("named", scope).extract().path("id");
        read(id).statusCode(200);
        int revocations = server.ledger().revocations().size();
        as("named").delete("/v1/sessions/" + id).then().statusCode(204);
        String other = client("named", scope).statusCode(201).extract().path("id");
        assertThat(other).isNotEqualTo(id);
        read(other).statusCode(200);
        assertThat(server.ledger().revocations()).hasSize(revocations);
    }

    @Test
    void isOnlyForCallersThatTheRegistrationIsNamedFor() {
        client("anywhere", scope)
                .statusCode(403)
                .body("detail", equalTo("This registration is not named for this caller."));
        post("named", body("person", "\"grant\":{\"type\":\"client_credentials\"}"))
                .statusCode(403)
                .body("detail", equalTo("This registration does not allow this grant."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"grant\":{\"type\":\"password\"}|grant.type",
                "\"grant\":{}|grant.type",
                "\"grant\":\"client_credentials\"|grant",
                "\"grant\":{\"type\":7}|grant.type",
                "\"grant\":{\"type\":\"client_credentials\",\"scopes\":\"a\"}|grant.scopes",
                "\"grant\":{\"type\":\"client_credentials\",\"scope\":\"a  b\"}|grant.scope",
                "\"grant\":{\"type\":\"client_credentials\"},\"token_response\":{}|grant",
                "\"grant\":{\"type\":\"urn:ietf:params:oauth:grant-type:jwt-bearer\"}|grant.assertion",
                "\"grant\":{\"type\":\"urn:ietf:params:oauth:grant-type:token-exchange\",\"subject_token\":\"a\"}|grant.subject_token_type",
                "\"grant\":{\"type\":\"urn:ietf:params:oauth:grant-type:jwt-bearer\",\"assertion\":\"\"}|grant.assertion",
                "\"grants\":{\"type\":\"client_credentials\"}|grants"
            })
    void namesWhatIsWrongWithAGrant(String member, String named) {
        post("named", body("machine", member)).statusCode(400).body("member", equalTo(named));
    }

    @Test
    void aTokenIsExchangedForASessionWithARefreshToken_H17() {
        String id = exchange(
                        "token-of-" + scope, ",\"scope\":\"read offline_access\",\"audience\":\"https://api.example\"")
                .statusCode(201)
                .body("grant", equalTo("refresh_token"))
                .body("scope", equalTo("read write"))
                .extract()
                .path("id");
        as("named").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        read(id).statusCode(200);
        Map<String, String> sent = server.grants().get(server.grants().size() - 1);
        assertThat(sent)
                .containsEntry("grant_type", EXCHANGE)
                .containsEntry("subject_token", "token-of-" + scope)
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
                .containsEntry("audience", "https://api.example");
    }

    @Test
    void whatComesWithoutARefreshTokenIsServedUntilItExpires_H17() {
        String id = exchange("token-of-" + scope, ",\"scope\":\"read\"")
                .statusCode(201)
                .body("grant", equalTo("none"))
                .body("scope", equalTo("read"))
                .extract()
                .path("id");
        read(id).statusCode(200);
    }

    @Test
    void anAssertionBringsASession_H18() {
        post(
                        "named",
                        body(
                                "machine",
                                "\"grant\":{\"type\":\"" + BEARER + "\",\"assertion\":\"token-of-" + scope
                                        + "\",\"requested_token_use\":\"on_behalf_of\",\"scope\":\"offline_access\"}"))
                .statusCode(201)
                .body("grant", equalTo("refresh_token"));
        assertThat(server.grants().get(server.grants().size() - 1))
                .containsEntry("grant_type", BEARER)
                .containsEntry("requested_token_use", "on_behalf_of");
    }

    /** As Entra does where a policy asks for a second factor. */
    @Test
    void aRefusalTellsWhatTheUserHasToDoFirst_H18() {
        String claims = "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"c-1\"]}}}";
        server.answerAlwaysFor(
                "token-of-" + scope, 400, "{\"error\":\"interaction_required\",\"claims\":" + quoted(claims) + "}");
        exchange("token-of-" + scope, "")
                .statusCode(409)
                .body("code", equalTo("interaction_required"))
                .body("claims", equalTo(claims));
    }

    /** What could be a token is not passed on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[1]",
                "{\"a\":1} {}",
                "{\"a\":\"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFt\"}",
                "{\"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFt\":[{\"b\":1}]}"
            })
    void claimsThatCouldBeATokenAreNotPassedOn_H18(String claims) {
        server.answerAlwaysFor(
                "token-of-" + scope, 400, "{\"error\":\"interaction_required\",\"claims\":" + quoted(claims) + "}");
        exchange("token-of-" + scope, "").statusCode(409).body("claims", nullValue());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    /** Nothing is kept of what came in, and nobody sees it again. */
    @Test
    void aGrantThatIsRefusedIsToldWithItsCode() {
        exchange("forged-" + scope, "")
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-denied"))
                .body("code", equalTo("invalid_grant"));
        server.answerAlwaysFor("token-of-" + scope, 200, "{\"access_token\":\"N\",\"token_type\":\"N_A\"}");
        exchange("token-of-" + scope, "").statusCode(409).body("code", equalTo("refresh_token_missing"));
        server.answerAlwaysFor("token-of-" + scope, 400, "{\"error\":\"temporarily_unavailable\"}");
        exchange("token-of-" + scope, "")
                .statusCode(503)
                .header("Retry-After", equalTo("5"))
                .body("code", equalTo("temporarily_unavailable"));
        as("named").get("/v1/sessions?subject=" + scope).then().body("items", hasSize(0));
    }

    /** A client that may not exchange tokens can still refresh its users' sessions. */
    @Test
    void refusedGrantsStopNoRefresh() {
        String id = post(
                        "named",
                        body(
                                "machine",
                                "\"token_response\":" + server.issue("alice").json()))
                .statusCode(201)
                .extract()
                .path("id");
        for (int refused = 0; refused < 30; refused++) {
            server.answerAlwaysFor(
                    "token-of-" + scope, refused % 2 == 0 ? 400 : 500, "{\"error\":\"unsupported_grant_type\"}");
            exchange("token-of-" + scope, "");
        }
        as("named").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
    }

    @Test
    void clientCredentialsThatAreRefusedPauseNobody() {
        server.answerAlways(400, "{\"error\":\"unauthorized_client\"}", Map.of());
        for (int i = 0; i < 5; i++) {
            read(client("named", scope + i).extract().path("id"));
        }
        server.asUsual();
        String id = post(
                        "named",
                        body(
                                "machine",
                                "\"token_response\":" + server.issue("alice").json()))
                .extract()
                .path("id");
        as("named").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
    }

    @Test
    void grantsCountForTheRateLimitOfTheirRegistration() {
        String grant = "\"grant\":{\"type\":\"" + EXCHANGE + "\",\"subject_token\":\"token-of-" + scope
                + OF_AN_ACCESS_TOKEN + ",\"scope\":\"offline_access\"}";
        int sent = server.grants().size();
        await().untilAsserted(() ->
                post("named", body("limited", grant)).statusCode(503).body("code", equalTo("rate_limit_reached")));
        assertThat(server.grants().size() - sent).isLessThanOrEqualTo(2);
    }

    /** Servers that do not rotate send none when the user signs in again. */
    @Test
    void anAccessTokenAloneReplacesNoGoodRefreshToken() {
        IssuedTokens tokens = server.issue("alice");
        String id = post("named", body("machine", "\"token_response\":" + tokens.json()))
                .extract()
                .path("id");
        put(id, "{\"access_token\":\"gho_" + scope + "\"}")
                .statusCode(400)
                .body("member", equalTo("token_response.refresh_token"));
        as("named").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        assertThat(server.ledger().revocations()).doesNotContain(tokens.refreshToken());
    }

    @Test
    void theSameAccessTokenCanComeAgainWithAnotherEnd() {
        String token = "gho_" + UUID.randomUUID();
        String id = alone(token, ",\"expires_in\":1").extract().path("id");
        await().untilAsserted(() ->
                as("named").get("/v1/sessions/" + id).then().body("status", equalTo("REAUTHENTICATION_REQUIRED")));
        put(id, "{\"access_token\":\"" + token + "\",\"expires_in\":600}")
                .statusCode(200)
                .body("status", equalTo("ACTIVE"))
                .body("failure", nullValue());
        read(id).statusCode(200).body("access_token", equalTo(token));
        assertThat(server.ledger().revocations()).doesNotContain(token);
    }

    /** It is still served, so it must not be revoked. */
    @Test
    void aRefreshTokenBesideTheSameAccessTokenRevokesNothing() {
        IssuedTokens tokens = server.issue("alice");
        String id = alone(tokens.accessToken(), "").extract().path("id");
        put(id, tokens.json()).statusCode(200).body("grant", equalTo("refresh_token"));
        as("named").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        String other = alone("gho_" + scope, "").extract().path("id");
        put(other, server.issue("alice").json()).statusCode(200);
        await().until(() -> server.ledger().revocations().contains("gho_" + scope));
        assertThat(server.ledger().revocations()).doesNotContain(tokens.accessToken());
    }

    @Test
    void anExpiredAccessTokenComesBackWhenItIsRegisteredAgainWithAKnownEnd() {
        String token = "gho_" + UUID.randomUUID();
        String id = alone(token, ",\"expires_in\":1").extract().path("id");
        await().untilAsserted(() ->
                as("named").get("/v1/sessions/" + id).then().body("status", equalTo("REAUTHENTICATION_REQUIRED")));
        alone(token, ",\"expires_in\":600").statusCode(200).body("status", equalTo("REAUTHENTICATION_REQUIRED"));
        alone(token, ",\"expires_at\":" + (System.currentTimeMillis() / 1000 + 600))
                .statusCode(200)
                .body("id", equalTo(id))
                .body("status", equalTo("ACTIVE"));
        read(id).statusCode(200).body("access_token", equalTo(token));
    }

    /** Some servers send a time as {@code expires_in}. */
    @Test
    void anEndThatIsToldAsATimeIsKept() {
        alone("gho_" + UUID.randomUUID(), ",\"expires_in\":" + (System.currentTimeMillis() / 1000 + 600))
                .statusCode(201)
                .body("access_token_expires_at", notNullValue());
    }

    @ParameterizedTest
    @CsvSource({"32503680000, ''", "'', ',\"expires_in\":3153600000'"})
    void anEndThatIsVeryFarAwayIsNone(String exp, String more) {
        String token = exp.isEmpty()
                ? "gho_" + UUID.randomUUID()
                : "e30."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(("{\"exp\":" + exp + "}").getBytes(UTF_8))
                        + "." + UUID.randomUUID();
        String id = alone(token, more).statusCode(201).extract().path("id");
        read(id).statusCode(200).body("expires_in", nullValue());
        read(id).statusCode(200).body("access_token", equalTo(token));
    }

    @Test
    void quotesNoTokenThatIsInThePlaceOfAName() {
        String token = "eyJhbGciOiJSUzI1NiJ9." + "x".repeat(100);
        String answer = post(
                        "named", body("machine", "\"grant\":{\"type\":\"" + BEARER + "\",\"" + token + "\":\"x\"}"))
                .statusCode(400)
                .extract()
                .asString();
        assertThat(answer).doesNotContain("eyJ");
    }

    @Test
    void anAccessTokenAloneIsServedUntilItExpires() {
        String token = "gho_" + UUID.randomUUID();
        String id = alone(token, ",\"expires_in\":2")
                .statusCode(201)
                .body("grant", equalTo("none"))
                .body("status", equalTo("ACTIVE"))
                .body("refresh_due_at", nullValue())
                .extract()
                .path("id");
        int requests = server.ledger().tokenRequests();
        read(id, "?min_ttl=60").statusCode(200).body("access_token", equalTo(token));
        as("named")
                .post("/v1/sessions/" + id + "/refresh")
                .then()
                .statusCode(409)
                .body("code", equalTo("no_refresh_token"));
        await().untilAsserted(() -> read(id).statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:reauthentication-required"))
                .body("code", equalTo("access_token_expired"))
                .body("session", equalTo(id)));
        await().untilAsserted(() -> as("named")
                .get("/v1/sessions/" + id)
                .then()
                .body("status", equalTo("REAUTHENTICATION_REQUIRED"))
                .body("failure.code", equalTo("access_token_expired")));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    void anAccessTokenWithoutAnEndIsServedUntilItsSessionIsRemoved() {
        String token = "gho_" + UUID.randomUUID();
        String id = alone(token, "")
                .statusCode(201)
                .body("access_token_expires_at", nullValue())
                .extract()
                .path("id");
        read(id).statusCode(200).body("access_token", equalTo(token)).body("expires_in", nullValue());
        read(id).statusCode(200).body("access_token", equalTo(token)).body("expires_in", nullValue());
        as("named").delete("/v1/sessions/" + id).then().statusCode(204);
        await().until(() -> server.ledger().revocations().contains(token));
    }

    @Test
    void anAccessTokenAloneBecomesASessionWithARefreshTokenWhenTheUserSignsInAgain() {
        String id = alone("gho_" + UUID.randomUUID(), "").extract().path("id");
        IssuedTokens tokens = server.issue("alice");
        as("named")
                .contentType("application/json")
                .body("{\"token_response\":" + tokens.json() + "}")
                .put("/v1/sessions/" + id)
                .then()
                .statusCode(200)
                .body("grant", equalTo("refresh_token"));
        as("named").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        assertThat(server.ledger().timesSpent(tokens.refreshToken())).isEqualTo(1);
    }

    @Test
    void aSessionNeedsARefreshTokenUnlessItsRegistrationSaysOtherwise() {
        post("named", body("person", "\"token_response\":{\"access_token\":\"gho_1\"}"))
                .statusCode(400)
                .body("member", equalTo("token_response.refresh_token"))
                .body("detail", startsWith("token_response.refresh_token: is missing"));
        post("named", body("machine", "\"token_response\":{\"scope\":\"read\"}"))
                .statusCode(400)
                .body("member", equalTo("token_response.refresh_token"));
    }

    private ValidatableResponse client(String caller, String asked) {
        return post(caller, body("machine", "\"grant\":{\"type\":\"client_credentials\",\"scope\":\"" + asked + "\"}"));
    }

    private static ValidatableResponse put(String id, String tokens) {
        return as("named")
                .body("{\"token_response\":" + tokens + "}")
                .put("/v1/sessions/" + id)
                .then();
    }

    private ValidatableResponse exchange(String token, String more) {
        return post(
                "named",
                body(
                        "machine",
                        "\"grant\":{\"type\":\"" + EXCHANGE + "\",\"subject_token\":\"" + token + OF_AN_ACCESS_TOKEN
                                + more + "}"));
    }

    private ValidatableResponse alone(String token, String more) {
        return post("named", body("machine", "\"token_response\":{\"access_token\":\"" + token + "\"" + more + "}"));
    }

    private static String body(String registration, String member) {
        return "{\"registration\":\"" + registration + "\",\"subject\":\"job\"," + member + "}";
    }

    /** The job may have taken all permits just now. Then a caller repeats the same call. */
    private static ValidatableResponse post(String caller, String body) {
        return await().until(
                        () -> as(caller).body(body).post("/v1/sessions"),
                        answer -> answer.statusCode() != 503 || !"no_permit".equals(answer.path("code")))
                .then();
    }

    private static ValidatableResponse read(String id) {
        return read(id, "");
    }

    private static ValidatableResponse read(String id, String query) {
        return as("named").get("/v1/sessions/" + id + "/access-token" + query).then();
    }

    private static RequestSpecification as(String caller) {
        return RestAssured.given()
                .contentType("application/json")
                .header("Authorization", "Bearer " + CallerKeys.token("sub-" + caller));
    }
}
