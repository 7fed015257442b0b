package dev.tokenkeep.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.tokenkeep.signin.device.DevicePollJob;
import dev.tokenkeep.signin.store.DeviceAuthorizations;
import dev.tokenkeep.signin.store.DeviceAuthorizations.Due;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users enter a code in any browser, and the session is kept (RFC 8628; CONFORMANCE H15, H16). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(SignInResource.class)
class DeviceSignInTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    ScriptedAuthorizationServer server;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @Inject
    DeviceAuthorizations store;

    @Inject
    DevicePollJob job;

    @BeforeEach
    void pollOften() {
        server.devices().members(",\"interval\":1");
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
        server.devices().members("");
        // Their polls would take what other tests have scripted.
        sql().execute("update tokenkeep_authorization set expires_at = now() where ended_at is null");
    }

    private record Begun(String id, String userCode) {}

    private Browser web() {
        return new Browser("web", server);
    }

    private static Map<String, Object> body(String registration) {
        var body = new LinkedHashMap<String, Object>();
        body.put("registration", registration);
        body.put("subject", "user-" + UUID.randomUUID());
        body.put("flow", "device_code");
        return body;
    }

    private Begun begin(Map<String, Object> body) {
        var answer = web().begin(body).statusCode(201).extract();
        return new Begun(answer.path("id"), answer.path("user_code"));
    }

    private Begun begin() {
        return begin(body("openid"));
    }

    private ValidatableResponse show(Begun begun, int wait) {
        return web().as()
                .get("/v1/authorizations/" + begun.id() + "?wait=" + wait)
                .then()
                .statusCode(200);
    }

    private Sql sql() {
        return new Sql(database);
    }

    private int interval(Begun begun) {
        return Integer.parseInt(
                sql().select("select poll_interval from tokenkeep_authorization where id = '" + begun.id() + "'"));
    }

    private void pollNow(Begun begun) {
        sql().execute("update tokenkeep_authorization set next_poll_at = now() where id = '" + begun.id()
                + "' and ended_at is null");
        job.soon(Duration.ZERO);
    }

    /** Whether what came of the latest poll is stored. */
    private boolean isAnswered(Begun begun) {
        return sql().select("select attempt_id is not null and lease_until is null from tokenkeep_authorization"
                        + " where id = '" + begun.id() + "'")
                .equals("t");
    }

    private void awaitPolls(Begun begun, int polls) {
        await().atMost(PATIENCE).until(() -> server.devices().polls(begun.userCode()) >= polls);
    }

    @Test
    @DisplayName("H15: the user enters the code, and the caller that waits gets the session")
    void signsInAndKeepsTheSession() {
        Begun begun = begin();
        show(begun, 0).body("status", equalTo("pending")).body("session", nullValue());
        awaitPolls(begun, 1);
        var waiting = CompletableFuture.supplyAsync(() -> show(begun, 30));
        server.devices().approve(begun.userCode(), "alice");
        String session = waiting.join()
                .body("status", equalTo("completed"))
                .body("expires_in", nullValue())
                .extract()
                .path("session");
        String token = web().as()
                .get("/v1/sessions/" + session + "/access-token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        assertThat(server.isActive(token)).isTrue();
        String row =
                sql().select("select row_to_json(a) from tokenkeep_authorization a where id = '" + begun.id() + "'");
        assertThat(row).contains("\"code\":null", "\"next_poll_at\":null");
    }

    @Test
    @DisplayName("RFC 8628 §3.1: the request has the scope and what the operator and the caller add")
    void asksForWhatIsConfigured() {
        Map<String, Object> body = body("device");
        body.put("parameters", Map.of("login_hint", "alice@example.com"));
        Begun begun = begin(body);
        assertThat(server.devices().parameters(begun.userCode()))
                .containsEntry("client_id", ScriptedAuthorizationServer.CLIENT_ID)
                .containsEntry("scope", "openid offline_access")
                .containsEntry("audience", "https://api.example")
                .containsEntry("login_hint", "alice@example.com")
                .doesNotContainKeys("redirect_uri", "state", "code_challenge");
    }

    @Test
    @DisplayName("H16: an address that has the code is given only if the operator wants it")
    void givesTheCompleteUriOnlyIfWanted() {
        web().begin(body("openid"))
                .statusCode(201)
                .body("verification_uri", equalTo(server.issuer() + "/device"))
                .body("verification_uri_complete", nullValue())
                .body("authorization_uri", nullValue())
                .body("state", nullValue())
                .body("interval", equalTo(1))
                .body("expires_in", equalTo(600));
        web().begin(body("device")).statusCode(201).body("verification_uri_complete", containsString("?user_code="));
    }

    @Test
    @DisplayName("H16: a code lives 15 minutes at most, however long the server would keep it")
    void livesFifteenMinutesAtMost() {
        server.devices().members(",\"expires_in\":3600");
        web().begin(body("openid")).statusCode(201).body("expires_in", equalTo(900));
    }

    @Test
    @DisplayName("H15: no interval is 5 seconds; Google's name of the address is known")
    void understandsOtherServers() {
        server.devices()
                .members(
                        ",\"interval\":null,\"verification_uri\":null,\"verification_url\":\"https://as.example/device\"");
        web().begin(body("openid"))
                .statusCode(201)
                .body("interval", equalTo(5))
                .body("verification_uri", equalTo("https://as.example/device"));
    }

    @Test
    @DisplayName("H15: each slow_down adds 5 seconds for good")
    void slowsDownForGood() {
        Begun begun = begin();
        server.devices().answer(begun.userCode(), "slow_down");
        await().atMost(PATIENCE).until(() -> interval(begun) == 6);
        pollNow(begun);
        await().atMost(PATIENCE).until(() -> interval(begun) == 11);
        server.devices().answer(begun.userCode(), "authorization_pending");
        long polls = server.devices().polls(begun.userCode());
        pollNow(begun);
        awaitPolls(begun, (int) polls + 1);
        assertThat(interval(begun)).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429})
    @DisplayName("H15: a server that fails is asked less often, and the sign-in goes on")
    void goesOnAfterFailures(int status) {
        Begun begun = begin();
        server.answerAlways(status, "{}", Map.of());
        await().atMost(PATIENCE).until(() -> interval(begun) > 1);
        server.asUsual();
        server.devices().approve(begun.userCode(), "alice");
        pollNow(begun);
        await().atMost(PATIENCE).untilAsserted(() -> {
            pollNow(begun);
            show(begun, 1).body("status", equalTo("completed"));
        });
    }

    @Test
    @DisplayName("H15: users who decline end their own sign-ins, and stop nobody else's requests")
    void declinedSignInsConcernNobodyElse() {
        var declined = new ArrayList<Begun>();
        for (int user = 0; user < 4; user++) {
            Begun begun = begin();
            server.devices().answer(begun.userCode(), "access_denied");
            declined.add(begun);
        }
        for (Begun begun : declined) {
            show(begun, 30).body("status", equalTo("failed")).body("error", equalTo("access_denied"));
        }
        Begun next = begin();
        server.devices().approve(next.userCode(), "alice");
        show(next, 30).body("status", equalTo("completed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_client", "unauthorized_client"})
    @DisplayName("H15: a client that is refused, as while its secret is replaced, ends no sign-in")
    void goesOnAfterARefusedClient(String error) {
        Begun begun = begin();
        server.devices().answer(begun.userCode(), error);
        await().atMost(PATIENCE).until(() -> interval(begun) > 1);
        server.devices().answer(begun.userCode(), "authorization_pending");
        show(begun, 0).body("status", equalTo("pending"));
    }

    @Test
    @DisplayName("H15: a replica without the key leaves a poll to the others")
    void leavesPollsWhoseKeyIsMissingToOthers() {
        Begun begun = begin();
        sql().execute("update tokenkeep_authorization set key_id = 'elsewhere', next_poll_at = now() where id = '"
                + begun.id() + "'");
        Begun other = begin();
        awaitPolls(other, 1);
        assertThat(sql().select("select next_poll_at <= clock_timestamp() from tokenkeep_authorization where id = '"
                        + begun.id() + "'"))
                .isEqualTo("t");
        sql().execute("delete from tokenkeep_authorization where id = '" + begun.id() + "'");
    }

    @Test
    @DisplayName("H15: any other error ends the sign-in")
    void endsWithAnyOtherError() {
        Begun begun = begin();
        server.devices().answer(begun.userCode(), "invalid_request");
        show(begun, 30).body("status", equalTo("failed")).body("error", equalTo("invalid_request"));
        long polls = server.devices().polls(begun.userCode());
        Begun other = begin();
        awaitPolls(other, 2);
        assertThat(server.devices().polls(begun.userCode())).isEqualTo(polls);
    }

    @Test
    @DisplayName("H15: a code that the server has forgotten is expired")
    void expiresWithTheServer() {
        Begun begun = begin();
        server.devices().answer(begun.userCode(), "expired_token");
        show(begun, 30).body("status", equalTo("expired"));
    }

    @Test
    void expiresByItself() {
        Begun begun = begin();
        sql().execute("update tokenkeep_authorization set expires_at = now(), next_poll_at = now()" + " where id = '"
                + begun.id() + "'");
        show(begun, 30).body("status", equalTo("expired"));
        Begun other = begin();
        awaitPolls(other, 1);
        assertThat(server.devices().polls(begun.userCode())).isZero();
    }

    @Test
    @DisplayName("H15: one poll at a time over replicas, and a replica that is gone is replaced")
    void isPolledByOneReplicaAtATime() {
        server.devices().members(",\"interval\":300");
        Begun begun = begin();
        pollNow(begun);
        List<CompletableFuture<List<Due>>> replicas = new ArrayList<>();
        for (int replica = 0; replica < 8; replica++) {
            replicas.add(CompletableFuture.supplyAsync(() -> store.claim("openid", Duration.ofHours(1), 100)));
        }
        long own = replicas.stream()
                .flatMap(claimed -> claimed.join().stream())
                .filter(due -> due.authorization().id().equals(begun.id()))
                .count();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(own + server.devices().polls(begun.userCode()))
                        .isEqualTo(1));
        server.devices().approve(begun.userCode(), "alice");
        pollNow(begun);
        show(begun, 30).body("status", equalTo("completed"));
    }

    @Test
    @DisplayName("H15: tokens that nobody kept are not asked for again")
    void failsIfTheCodeWasUsed() {
        server.devices().members(",\"interval\":300");
        Begun begun = begin();
        server.devices().approve(begun.userCode(), "alice");
        server.dropNextAfterSpending();
        pollNow(begun);
        await().atMost(PATIENCE).until(() -> server.devices().polls(begun.userCode()) == 1 && isAnswered(begun));
        pollNow(begun);
        show(begun, 30).body("status", equalTo("failed")).body("error", equalTo("invalid_grant"));
    }

    @Test
    @DisplayName("H7, H8: an ID token that does not fit keeps nothing")
    void checksTheIdToken() {
        Begun begun = begin();
        server.signInClaims(claims -> {
            claims.put("aud", "another client");
            return claims;
        });
        server.devices().approve(begun.userCode(), "alice");
        show(begun, 30).body("status", equalTo("failed")).body("error", equalTo("id_token_aud"));
    }

    @Test
    void signsInAgain() {
        Map<String, Object> body = body("openid");
        Begun first = begin(body);
        server.devices().approve(first.userCode(), "alice");
        String session =
                show(first, 30).body("status", equalTo("completed")).extract().path("session");
        body.put("session", session);
        Begun stranger = begin(body);
        server.devices().approve(stranger.userCode(), "mallory");
        show(stranger, 30).body("status", equalTo("failed")).body("error", equalTo("other_subject"));
        Begun again = begin(body);
        server.devices().approve(again.userCode(), "alice");
        show(again, 30).body("status", equalTo("completed")).body("session", equalTo(session));
    }

    @Test
    void cannotBeCompletedWithACallback() {
        Begun begun = begin();
        web().post(
                        "/v1/authorizations/" + begun.id() + "/completion",
                        Map.of("callback", "https://web.example/?code=1"))
                .then()
                .statusCode(400)
                .body("code", equalTo("device_code_flow"));
        web().post(
                        "/v1/authorizations/" + begun.id() + "/confirmation",
                        Map.of("confirmation", "x".repeat(43), "subject", "anybody"))
                .then()
                .statusCode(400);
        show(begun, 0).body("status", equalTo("pending"));
    }

    @Test
    void refusesWhatDoesNotFit() {
        Map<String, Object> body = body("openid");
        body.put("redirect_uri", SignInResource.REDIRECT_URI);
        web().begin(body).statusCode(400).body("detail", containsString("redirect_uri"));
        body.remove("redirect_uri");
        body.put("return_uri", SignInResource.RETURN_URI);
        web().begin(body).statusCode(400).body("detail", containsString("return_uri"));
        body.remove("return_uri");
        body.put("flow", "implicit");
        web().begin(body).statusCode(400).body("detail", containsString("flow"));
        web().begin(body("none")).statusCode(409).body("code", equalTo("no_device_authorization_endpoint"));
        Begun begun = begin();
        web().as()
                .get("/v1/authorizations/" + begun.id() + "?wait=31")
                .then()
                .statusCode(400)
                .body("detail", containsString("wait"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"verification_uri\":\"javascript:alert(1)\"",
                ",\"verification_uri\":\"https://user@as.example/\"",
                ",\"device_code\":null",
                ",\"user_code\":\"\"",
                ",\"expires_in\":0"
            })
    void refusesUnusableResponses(String members) {
        server.devices().members(members);
        web().begin(body("openid")).statusCode(409).body("code", equalTo("unreadable_response"));
    }

    @Test
    void waitsNoLongerThanAsked() {
        Begun begun = begin();
        long start = System.nanoTime();
        show(begun, 1).body("status", equalTo("pending"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
    }

    @Test
    @DisplayName("K20: waiting calls leave their caller room for others")
    void onlySomeOfACallersCallsWait() {
        var few = new Browser("few", server);
        var answer = few.begin(body("openid")).statusCode(201).extract();
        String address = "/v1/authorizations/" + answer.path("id") + "?wait=30";
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        // A quarter of four calls is one.
        for (int call = 0; call < 3; call++) {
            waiting.add(CompletableFuture.supplyAsync(
                    () -> few.as().get(address).then().statusCode(200).extract().path("status")));
        }
        await().atMost(PATIENCE)
                .until(() -> waiting.stream().filter(CompletableFuture::isDone).count() == 2);
        server.devices().approve(answer.path("user_code"), "alice");
        assertThat(waiting.stream().map(CompletableFuture::join).sorted())
                .containsExactly("completed", "pending", "pending");
    }

    @Test
    @DisplayName("L1: polls that hang leave room for everything else of their registration")
    void pollsThatHangLeaveRoom() {
        List<Begun> three = List.of(begin(body("device")), begin(body("device")), begin(body("device")));
        Gate poll = server.holdNextBeforeSpending();
        poll.awaitArrival();
        // The registration has four permits, so a quarter is one.
        three.forEach(this::pollNow);
        Browser.Begun other = web().begin("device");
        web().complete(other, web().consent(other, "alice")).statusCode(201);
        assertThat(three.stream()
                        .mapToLong(begun -> server.devices().polls(begun.userCode()))
                        .sum())
                .isZero();
        poll.open();
        three.forEach(begun -> server.devices().approve(begun.userCode(), "alice"));
        three.forEach(begun -> show(begun, 30).body("status", equalTo("completed")));
    }

    @Test
    @DisplayName("H15: a poll whose answer does not come is sent again, more rarely")
    void goesOnAfterATimeout() {
        server.devices().members(",\"interval\":300");
        Begun begun = begin();
        Gate poll = server.holdNextAndAnswer(400, "{\"error\":\"authorization_pending\"}");
        pollNow(begun);
        poll.awaitArrival();
        await().atMost(PATIENCE).until(() -> isAnswered(begun));
        poll.open();
        server.devices().approve(begun.userCode(), "alice");
        pollNow(begun);
        show(begun, 30).body("status", equalTo("completed"));
    }
}
