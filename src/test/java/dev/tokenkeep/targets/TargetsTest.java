package dev.tokenkeep.targets;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TargetRefusedException;
import dev.tokenkeep.TokenProvider;
import dev.tokenkeep.UnknownTargetException;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
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
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access tokens for targets: one refresh token, several resource servers. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(TargetsResource.class)
class TargetsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    ScriptedAuthorizationServer server;

    @Inject
    TokenProvider provider;

    @Inject
    TargetJob job;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    private static RequestSpecification web() {
        return given().auth().oauth2(CallerKeys.token("sub-web")).contentType("application/json");
    }

    private String registered() {
        return registered(server.issue("alice"));
    }

    private static String registered(IssuedTokens tokens) {
        return registered("crm", tokens);
    }

    private static String registered(String registration, IssuedTokens tokens) {
        return web().body("{\"registration\":\"" + registration + "\",\"subject\":\"user-" + UUID.randomUUID()
                        + "\",\"token_response\":" + tokens.json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static ValidatableResponse read(String session, String target) {
        return web().get("/v1/sessions/" + session + "/access-token?target=" + target)
                .then();
    }

    private static String token(String session, String target) {
        return read(session, target).statusCode(200).extract().path("access_token");
    }

    private static String own(String session) {
        return web().get("/v1/sessions/" + session + "/access-token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    private static ValidatableResponse show(String session) {
        return web().get("/v1/sessions/" + session).then().statusCode(200);
    }

    private static ValidatableResponse refresh(String session, String body) {
        return web().body(body).post("/v1/sessions/" + session + "/refresh").then();
    }

    private int stored(String session) {
        return Integer.parseInt(new Sql(database)
                .select("select count(*) from tokenkeep_target_token where session_id = '" + session + "'"));
    }

    @Test
    @DisplayName("A13, G14: each target has an access token of its own; the refresh token is spent once for each")
    void readsATokenOfItsOwnForEachTarget() {
        String session = registered();
        String own = own(session);
        String graph = token(session, "graph");
        String mail = token(session, "mail");

        assertThat(List.of(own, graph, mail)).doesNotHaveDuplicates();
        assertThat(server.targets().of(graph))
                .containsEntry("resource", "https://graph.example")
                .containsEntry("scope", "files.read");
        // The target's own audience replaces that of the registration.
        assertThat(server.targets().of(mail)).containsEntry("audience", "https://mail.example");
        int requests = server.ledger().tokenRequests();
        assertThat(token(session, "graph")).isEqualTo(graph);
        assertThat(token(session, "mail")).isEqualTo(mail);
        assertThat(own(session)).isEqualTo(own);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("G15: a refresh for a target leaves the session as it was")
    void leavesTheSessionAsItWas() {
        String session = registered();
        int version = show(session).extract().path("version");
        String scope = show(session).extract().path("scope");
        String due = show(session).extract().path("refresh_due_at");
        String expires = show(session).extract().path("access_token_expires_at");

        server.answerNext(200, """
                {"access_token":"narrow","token_type":"Bearer","expires_in":600,"scope":"files.read","refresh_token":"%s"}
                """.formatted(server.issue("alice").refreshToken()));
        read(session, "graph").statusCode(200).body("scope", equalTo("files.read"));

        show(session)
                .body("version", equalTo(version))
                .body("scope", equalTo(scope))
                .body("access_token_expires_at", equalTo(expires))
                .body("status", equalTo("ACTIVE"));
        assertThat(Instant.parse(show(session).extract().path("refresh_due_at")))
                .isCloseTo(Instant.parse(due), within(60, ChronoUnit.SECONDS));
        int wide = server.targets().requests().size();
        refresh(session, "{}").statusCode(200).body("version", equalTo(version + 1));
        assertThat(server.targets().requests().get(wide))
                .containsEntry("audience", "https://own.example")
                .doesNotContainKeys("scope", "resource");
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("G31: a target that is refused costs the session nothing")
    void aRefusedTargetCostsTheSessionNothing() {
        IssuedTokens issued = server.issue("alice");
        String session = registered(issued);
        for (int i = 0; i < 3; i++) {
            read(session, "gone")
                    .statusCode(409)
                    .body("type", equalTo("urn:tokenkeep:problem:target-refused"))
                    .body("code", equalTo("invalid_target"))
                    .body("target", equalTo("gone"))
                    .body("registration", equalTo("crm"));
        }
        // What was refused is not asked for again at once.
        assertThat(server.targets().requests().stream()
                        .filter(form -> issued.refreshToken().equals(form.get("refresh_token"))))
                .hasSize(1);
        show(session).body("status", equalTo("ACTIVE")).body("failure", nullValue());
        own(session);
        token(session, "graph");
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("G31: whether the grant has ended, the session's own refresh says")
    void aGrantThatEndsForATargetIsConfirmedByTheSessionsOwnRefresh() {
        String session = registered();
        server.answerNext(400, "{\"error\":\"invalid_grant\"}");
        read(session, "graph").statusCode(409).body("code", equalTo("invalid_grant"));
        show(session).body("status", equalTo("ACTIVE"));
        assertThat(Instant.parse(show(session).extract().path("refresh_due_at")))
                .isBefore(Instant.now());
        refresh(session, "{}").statusCode(200).body("version", equalTo(2));
    }

    @Test
    void anUnknownTargetIsNamed() {
        String session = registered();
        read(session, "grap")
                .statusCode(400)
                .body("member", equalTo("target"))
                .body("detail", containsString("api, erp, gone, graph, mail, nowhere, sap"));
        read(session, "x".repeat(65)).statusCode(400).body("member", equalTo("target"));
        refresh(session, "{\"target\":\"grap\"}").statusCode(400).body("member", equalTo("target"));
        assertThatThrownBy(() -> provider.accessToken(session, "grap")).isInstanceOf(UnknownTargetException.class);
    }

    @Test
    @DisplayName("RFC 8693: an exchange spends no refresh token")
    void exchangesTheSessionsOwnAccessToken() {
        IssuedTokens issued = server.issue("alice");
        String session = registered(issued);
        String erp = token(session, "erp");
        assertThat(server.targets().of(erp))
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("subject_token", issued.accessToken())
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
                .containsEntry("audience", "erp");
        assertThat(server.ledger().timesSpent(issued.refreshToken())).isZero();
        assertThat(token(session, "erp")).isEqualTo(erp);
        read(session, "nowhere").statusCode(409).body("code", equalTo("invalid_target"));
        show(session).body("status", equalTo("ACTIVE"));
    }

    @Test
    void exchangesOnBehalfOfTheUserAsEntraDoes() {
        IssuedTokens issued = server.issue("alice");
        String session = registered(issued);
        // The answer has no scope, so it is as asked for (RFC 6749 §5.1).
        read(session, "api").body("scope", equalTo("api://1/.default"));
        assertThat(server.targets().of(token(session, "api")))
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
                .containsEntry("assertion", issued.accessToken())
                .containsEntry("requested_token_use", "on_behalf_of")
                .containsEntry("scope", "api://1/.default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"graph", "erp"})
    void getsATokenAnewThatAResourceServerHasRefused(String target) {
        String session = registered();
        String refused = token(session, target);
        int version = read(session, target).extract().path("version");
        String body = "{\"target\":\"" + target + "\",\"if_version\":" + version + "}";
        refresh(session, body).statusCode(200);
        String next = token(session, target);
        assertThat(next).isNotEqualTo(refused);
        // Others that had the same token come later.
        refresh(session, body).statusCode(200);
        assertThat(token(session, target)).isEqualTo(next);
        refresh(session, "{\"target\":\"" + target + "\"}").statusCode(200);
        assertThat(token(session, target)).isNotEqualTo(next);
    }

    @Test
    void asksOnceForAllReadersAndSpendsTheRefreshTokenOnceAtATime() throws Exception {
        IssuedTokens issued = server.issue("alice");
        String session = registered(issued);
        var targets = List.of("graph", "mail", "sap");
        var pool = Executors.newFixedThreadPool(30);
        try {
            List<Future<String>> tokens = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String target = targets.get(i % 3);
                tokens.add(pool.submit(() -> token(session, target)));
            }
            for (int i = 0; i < 60; i++) {
                Map<String, String> asked = server.targets().of(tokens.get(i).get());
                switch (targets.get(i % 3)) {
                    case "graph" -> assertThat(asked).containsEntry("resource", "https://graph.example");
                    case "mail" -> assertThat(asked).containsEntry("audience", "https://mail.example");
                    default -> assertThat(asked).containsEntry("scope", "sap.read");
                }
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(server.ledger().refreshesOf(issued.refreshToken())).isEqualTo(3);
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    void readersGetTheirTokensAheadOfTime() {
        String session = registered();
        server.answerNext(200, "{\"access_token\":\"short\",\"token_type\":\"Bearer\",\"expires_in\":8}");
        assertThat(token(session, "graph")).isEqualTo("short");
        int requests = server.targets().requests().size();
        await().atMost(PATIENCE).until(() -> {
            job.tick();
            return server.targets().requests().size() > requests;
        });
        await().atMost(PATIENCE).until(() -> !token(session, "graph").equals("short"));
        assertThat(server.targets().requests()).hasSize(requests + 1);
    }

    @Test
    void tokensOfAReplacedGrantAreGone() {
        String session = registered();
        token(session, "graph");
        assertThat(stored(session)).isOne();
        web().body("{\"token_response\":" + server.issue("alice").json() + "}")
                .put("/v1/sessions/" + session)
                .then()
                .statusCode(200);
        assertThat(stored(session)).isZero();
        token(session, "graph");
        web().delete("/v1/sessions/" + session).then().statusCode(204);
        assertThat(stored(session)).isZero();
        read(session, "graph").statusCode(404);
    }

    @Test
    void anAccessTokenIsServedAfterTheEndOfTheGrantUntilItExpires() {
        String session = registered();
        String graph = token(session, "graph");
        server.answerNext(400, "{\"error\":\"invalid_grant\"}");
        refresh(session, "{}").statusCode(409);
        read(session, "graph")
                .statusCode(200)
                .body("access_token", equalTo(graph))
                .body("status", equalTo("REAUTHENTICATION_REQUIRED"));
        read(session, "mail").statusCode(409).body("type", equalTo("urn:tokenkeep:problem:reauthentication-required"));
    }

    @Test
    void storesThemEncryptedAndDoesWithoutOnesThatItCanNotDecrypt() {
        String session = registered();
        String graph = token(session, "graph");
        var sql = new Sql(database);
        String own = " from tokenkeep_target_token where session_id = '" + session + "'";
        assertThat(sql.select("select encode(access_token, 'escape')" + own))
                .isNotEmpty()
                .doesNotContain(graph);
        sql.execute("update tokenkeep_target_token set key_id = 'lost' where session_id = '" + session + "'");
        assertThat(token(session, "graph")).isNotEqualTo(graph);
    }

    @Test
    void servesTheApplication() {
        String session = registered();
        AccessToken graph = provider.accessToken(session, "graph");
        assertThat(server.targets().of(graph.value())).containsEntry("scope", "files.read");
        assertThat(provider.accessTokenAsync(session, "graph", Duration.ofSeconds(1))
                        .await()
                        .atMost(PATIENCE)
                        .value())
                .isEqualTo(graph.value());
        assertThatThrownBy(() -> provider.accessToken(session, "gone"))
                .isInstanceOfSatisfying(TargetRefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("invalid_target");
                    assertThat(refused.target()).isEqualTo("gone");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_denied", "unauthorized_client", "invalid_target", "invalid_scope"})
    @DisplayName("G31: what a target is refused for takes nothing from the other sessions of its registration")
    void aTargetThatIsRefusedToManySessionsStopsNobody(String code) {
        String other = registered();
        for (int i = 0; i < 6; i++) {
            String session = registered();
            server.answerNext(400, "{\"error\":\"" + code + "\"}");
            read(session, i % 2 == 0 ? "graph" : "erp").statusCode(409).body("code", equalTo(code));
            show(session).body("status", equalTo("ACTIVE")).body("failure", nullValue());
        }
        refresh(other, "{}").statusCode(200);
        token(other, "mail");
    }

    @Test
    void aTargetWithoutAnAnswerIsNotAskedForAgainAtOnce() {
        String session = registered();
        server.answerNext(503, "{}");
        read(session, "erp").statusCode(503);
        int requests = server.ledger().tokenRequests();
        read(session, "erp").statusCode(503).header("Retry-After", notNullValue());
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        token(session, "graph");
    }

    @Test
    void aTokenThatHasExpiredAtOnceIsNotAskedForAtEveryRead() {
        String session = registered();
        server.answerNext(200, "{\"access_token\":\"dead\",\"token_type\":\"Bearer\",\"expires_in\":0}");
        read(session, "graph").statusCode(503);
        int requests = server.targets().requests().size();
        read(session, "graph").statusCode(503);
        assertThat(server.targets().requests()).hasSize(requests);
        show(session).body("status", equalTo("ACTIVE"));
    }

    @Test
    @DisplayName("B9: a token for another audience is not served")
    void aTokenForAnotherAudienceIsNotServed() {
        String session = registered();
        server.answerNext(
                200,
                "{\"access_token\":\"" + jwt("https://own.example")
                        + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
        read(session, "mail").statusCode(409).body("code", equalTo("wrong_audience"));
        show(session).body("status", equalTo("ACTIVE"));
        own(session);
    }

    @Test
    @DisplayName("G32: a token that the server says is for another resource is not served")
    void aTokenForAnotherResourceIsNotServed() {
        String session = registered();
        server.answerNext(
                200,
                "{\"access_token\":\"for-mail\",\"token_type\":\"Bearer\",\"expires_in\":600,"
                        + "\"resource\":[\"https://mail.example\"]}");
        read(session, "graph").statusCode(409).body("code", equalTo("wrong_audience"));
        show(session).body("status", equalTo("ACTIVE"));
        own(session);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"https://graph.example\"",
                "\"HTTPS://Graph.example:443/\"",
                "[\"https://mail.example\",\"https://graph.example/\"]",
                "[]",
                "7"
            })
    @DisplayName("G32: a token that is for the resource that was asked for is served, however the server says so")
    void aTokenForTheResourceIsServed(String resource) {
        String session = registered();
        server.answerNext(
                200,
                "{\"access_token\":\"for-graph\",\"token_type\":\"Bearer\",\"expires_in\":600,\"resource\":" + resource
                        + "}");
        assertThat(token(session, "graph")).isEqualTo("for-graph");
    }

    private static String jwt(String audience) {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(("{\"aud\":\"" + audience + "\"}").getBytes(UTF_8)) + ".c2ln";
    }

    @Test
    void aNewGrantIsAskedAgainForWhatWasRefusedToTheOneBefore() {
        String session = registered();
        server.answerNext(400, "{\"error\":\"consent_required\"}");
        read(session, "graph").statusCode(409).body("code", equalTo("consent_required"));
        web().body("{\"token_response\":" + server.issue("alice").json() + "}")
                .put("/v1/sessions/" + session)
                .then()
                .statusCode(200);
        token(session, "graph");
    }

    @Test
    void anExchangeThatWasUnderWayDoesNotStoreForANewGrant() throws Exception {
        String session = registered();
        Gate gate = server.holdNextAnswer();
        var pool = Executors.newSingleThreadExecutor();
        try {
            Future<String> before = pool.submit(() -> token(session, "erp"));
            gate.awaitArrival();
            web().body("{\"token_response\":" + server.issue("alice").json() + "}")
                    .put("/v1/sessions/" + session)
                    .then()
                    .statusCode(200);
            String after = token(session, "erp");
            gate.open();
            assertThat(before.get()).isNotEqualTo(after);
            assertThat(token(session, "erp")).isEqualTo(after);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aSessionThatWasDueStaysDueWhenATargetIsRefused() {
        String session = registered();
        var sql = new Sql(database);
        sql.execute("update tokenkeep_session set refresh_due_at = now() - interval '1 minute' where id = '" + session
                + "'");
        read(session, "gone").statusCode(409);
        assertThat(Instant.parse(show(session).extract().path("refresh_due_at")))
                .isBefore(Instant.now());
    }

    @Test
    void tokensThatWereStoredUnderOtherSettingsAreNotServed() {
        String session = registered();
        String graph = token(session, "graph");
        // As if the target had been called mail before: the same row under other settings.
        new Sql(database)
                .execute("update tokenkeep_target_token set target = 'mail' where session_id = '" + session + "'");
        assertThat(token(session, "mail")).isNotEqualTo(graph);
    }

    @Test
    void anAccessTokenAloneCanBeExchanged() {
        IssuedTokens issued = server.issue("alice");
        String alone = web().body("{\"registration\":\"alone\",\"subject\":\"user-" + UUID.randomUUID()
                        + "\",\"token_response\":{\"access_token\":\"" + issued.accessToken()
                        + "\",\"token_type\":\"Bearer\",\"expires_in\":600}}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(server.targets().of(token(alone, "erp"))).containsEntry("subject_token", issued.accessToken());
        read(alone, "graph").statusCode(409).body("type", equalTo("urn:tokenkeep:problem:reauthentication-required"));
    }

    @Test
    void remembersTheRefusalThatNobodyWaitedFor() {
        String session = registered("hasty", server.issue("alice"));
        int requests = server.ledger().tokenRequests();
        Gate gate = server.holdNextAndAnswer(400, "{\"error\":\"invalid_target\"}");
        read(session, "graph").statusCode(503);
        gate.open();
        await().atMost(PATIENCE).until(() -> read(session, "graph").extract().statusCode() == 409);
        assertThat(server.ledger().tokenRequests()).isLessThanOrEqualTo(requests + 1);
    }

    @Test
    @DisplayName("L: a target that hangs leaves permits for the sessions' own refreshes")
    void aTargetThatHangsLeavesPermitsForOwnRefreshes() {
        String healthy = registered("hasty", server.issue("alice"));
        Gate gate = server.holdAlwaysFor("sick");
        List<String> sick = new ArrayList<>();
        var pool = Executors.newFixedThreadPool(6);
        try {
            for (int i = 0; i < 6; i++) {
                String one = registered("hasty", server.issue("sick"));
                sick.add(one);
                pool.submit(() -> read(one, "graph"));
            }
            gate.awaitArrival();
            for (int i = 0; i < 3; i++) {
                refresh(healthy, "{}").statusCode(200);
            }
        } finally {
            gate.open();
            pool.shutdownNow();
        }
        // Nothing of theirs is left under way.
        await().atMost(PATIENCE)
                .until(() -> sick.stream()
                        .allMatch(one -> read(one, "graph").extract().statusCode() == 200));
    }

    @Test
    @DisplayName("B3: a target leaves a refresh token with an unknown outcome to the session's own refresh")
    void leavesAnUnknownOutcomeToTheSessionsOwnRefresh() {
        IssuedTokens issued = server.issue("alice");
        String session = registered("hasty", issued);
        server.dropNextAfterSpending();
        refresh(session, "{}").statusCode(503);
        int requests = server.ledger().tokenRequests();
        read(session, "graph").statusCode(503);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(server.ledger().spentTwice()).doesNotContain(issued.refreshToken());
    }

    @Test
    void theAuditSaysWhoseTokenWasReturned() {
        String session = registered();
        try (var lines = LogLines.of("dev.tokenkeep.audit")) {
            token(session, "graph");
            own(session);
            await().atMost(PATIENCE)
                    .until(() -> lines.with("\"operation\":\"readAccessToken\"").size() == 2);
            assertThat(lines.with("\"target\":\"graph\"")).hasSize(1);
        }
    }
}
