package dev.tokenkeep.signin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.tokenkeep.signin.Browser.Begun;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users sign in, and the session is kept (RFC 6749 §4.1, RFC 7636; CONFORMANCE H1 to H12). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(SignInResource.class)
class SignInTest {

    ScriptedAuthorizationServer server;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    private Sql sql() {
        return new Sql(database);
    }

    private String row(Begun begun) {
        return sql().select("select row_to_json(a) from tokenkeep_authorization a where id = '" + begun.id() + "'");
    }

    private Browser web() {
        return new Browser("web", server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openid", "plain", "pushed"})
    @DisplayName("H1, H5, H6: a user signs in, and the session is kept")
    void signsInAndKeepsTheSession(String registration) {
        Map<String, Object> body = Browser.body(registration);
        Begun begun = web().begun(body);
        web().show(begun)
                .statusCode(200)
                .body("status", equalTo("pending"))
                .body("session", nullValue())
                .body("error", nullValue());
        String session = web().complete(begun, web().consent(begun, "alice"))
                .statusCode(201)
                .body("status", equalTo("ACTIVE"))
                .body("subject", equalTo(body.get("subject")))
                .body("registration", equalTo(registration))
                .extract()
                .path("id");
        web().show(begun)
                .body("status", equalTo("completed"))
                .body("session", equalTo(session))
                .body("expires_in", nullValue());
        String token = web().as()
                .get("/v1/sessions/" + session + "/access-token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        assertThat(server.isActive(token)).isTrue();
    }

    @Test
    @DisplayName("H1, H2, H5: the request has what the protocol wants, and what the operator and the caller add")
    void asksForWhatIsConfigured() {
        Map<String, Object> body = Browser.body("openid");
        body.put("parameters", Map.of("login_hint", "alice@example.com", "prompt", "consent"));
        Begun begun = web().begun(body);
        Map<String, String> asked = server.codes().parameters(begun.uri());
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", ScriptedAuthorizationServer.CLIENT_ID)
                .containsEntry("redirect_uri", SignInResource.REDIRECT_URI)
                .containsEntry("scope", "openid offline_access")
                .containsEntry("state", begun.state())
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("audience", "https://api.example")
                .containsEntry("login_hint", "alice@example.com")
                .containsEntry("prompt", "consent");
        assertThat(asked.get("code_challenge")).hasSize(43);
        assertThat(asked.get("nonce")).hasSize(43).isNotEqualTo(begun.state());
        assertThat(begun.state()).hasSize(43);
        assertThat(begun.uri().toString()).startsWith(server.authorizationEndpoint() + "?");
    }

    @Test
    @DisplayName("RFC 6749 §3.1: the query of an authorization endpoint is kept; no scope and no nonce unless asked")
    void keepsTheQueryOfTheEndpoint() {
        Begun begun = web().begin("plain");
        assertThat(begun.uri().toString()).startsWith(server.authorizationEndpoint() + "?tenant=1&response_type=code&");
        assertThat(server.codes().parameters(begun.uri())).doesNotContainKeys("scope", "nonce");
    }

    @Test
    @DisplayName("H10: a pushed request leaves nothing but its name in the address")
    void pushesTheRequest() {
        Begun begun = web().begin("pushed");
        assertThat(begun.uri().getRawQuery()).matches("client_id=[^&]+&request_uri=[^&]+");
        assertThat(server.codes().parameters(begun.uri())).containsEntry("state", begun.state());
        web().begin(Browser.body("pushed")).body("expires_in", equalTo(60));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request, 409, sign-in-not-possible",
        "405, '', 409, sign-in-not-possible",
        "413, '', 409, sign-in-not-possible",
        "429, '', 503, authorization-server-unavailable",
        "500, server_error, 503, authorization-server-unavailable"
    })
    @DisplayName("H10: what a refused pushed request comes to")
    void tellsWhyARequestWasNotPushed(int status, String error, int answered, String problem) {
        server.answerPushed(
                status, error.isEmpty() ? "{}" : "{\"error\":\"" + error + "\"}", Map.of("Retry-After", "7"));
        web().begin(Browser.body("pushed"))
                .statusCode(answered)
                .body("type", equalTo("urn:tokenkeep:problem:" + problem))
                .body("code", equalTo(error.isEmpty() ? "http_" + status : error))
                .header("Retry-After", answered == 503 ? equalTo("7") : nullValue());
    }

    @Test
    @DisplayName("H6: a callback that comes again gives the same session, and its code is not sent again")
    void completesOnce() {
        Begun begun = web().begin("openid");
        String callback = web().consent(begun, "alice");
        String session =
                web().complete(begun, callback).statusCode(201).extract().path("id");
        int requests = server.ledger().tokenRequests();
        web().complete(begun, callback).statusCode(201).body("id", equalTo(session));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(server.codes().redeemedAgain()).isEmpty();
    }

    @Test
    @DisplayName("H5: a loopback's port may differ, and the redirect URI goes to the token endpoint to the letter")
    void allowsAnyPortOfALoopback() {
        Map<String, Object> body = Browser.body("openid");
        body.put("redirect_uri", "http://127.0.0.1:49152/callback");
        Begun begun = web().begun(body);
        web().complete(begun, web().consent(begun, "alice")).statusCode(201);
    }

    /** Alice signs in. From then on the body is for signing in again for her session, which is returned. */
    private String alicesSession(Map<String, Object> body) {
        Begun first = web().begun(body);
        String session =
                web().complete(first, web().consent(first, "alice")).extract().path("id");
        body.put("session", session);
        return session;
    }

    @Test
    @DisplayName("H21: signing in again replaces the session's tokens")
    void replacesTheTokensOfASession() {
        Map<String, Object> body = Browser.body("openid");
        String session = alicesSession(body);
        Begun again = web().begun(body);
        web().complete(again, web().consent(again, "alice"))
                .statusCode(201)
                .body("id", equalTo(session))
                .body("version", equalTo(2));
    }

    @Test
    @DisplayName("H21, K5: another user's tokens are refused and revoked, and the session is as it was")
    void anotherUserDoesNotTakeOverASession() {
        Map<String, Object> body = Browser.body("openid");
        server.signInClaims(SignInTest::withAlicesAddress);
        String session = alicesSession(body);
        Begun again = web().begun(body);
        web().complete(again, web().consent(again, "mallory"))
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-over"))
                .body("code", equalTo("other_subject"));
        web().as()
                .get("/v1/sessions/" + session)
                .then()
                .body("version", equalTo(1))
                .body("status", equalTo("ACTIVE"));
        assertThat(sql().select("select count(*) from tokenkeep_revocation where session_id = '" + again.id() + "'"))
                .isEqualTo("1");
    }

    private static Map<String, Object> withAlicesAddress(Map<String, Object> claims) {
        claims.put("email", "alice@example.com");
        return claims;
    }

    @Test
    @DisplayName("H20: a step-up is a sign-in of the session with a stronger login, and no refresh")
    void stepsUp() {
        Map<String, Object> body = Browser.body("openid");
        String session = alicesSession(body);
        body.put("parameters", Map.of("acr_values", "mfa", "max_age", "0"));
        int requests = server.ledger().tokenRequests();
        Begun stronger = web().begun(body);
        assertThat(server.codes().parameters(stronger.uri()))
                .containsEntry("acr_values", "mfa")
                .containsEntry("max_age", "0");
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        server.signInClaims(claims -> {
            claims.put("acr", "mfa");
            claims.put("auth_time", System.currentTimeMillis() / 1000 + 1);
            return claims;
        });
        web().complete(stronger, web().consent(stronger, "alice"))
                .statusCode(201)
                .body("id", equalTo(session))
                .body("version", equalTo(2));
    }

    @Test
    @DisplayName("H23, RFC 6749 §4.1.2: what a server adds to its response is no fault")
    void ignoresOtherMembersOfTheResponse() {
        Begun begun = web().begin("openid");
        web().complete(
                        begun,
                        web().consent(begun, "alice") + "&realmId=123&accounts-server=https%3A%2F%2Feu.example&hmac=ab")
                .statusCode(201);
    }

    @Test
    @DisplayName("H27: nobody is told that this client understands claims challenges")
    void declaresNoClientCapability() {
        Begun begun = web().begin("openid");
        assertThat(server.codes().parameters(begun.uri())).doesNotContainKey("claims");
        Map<String, Object> body = Browser.body("openid");
        body.put("parameters", Map.of("claims", "{\"access_token\":{\"xms_cc\":{\"values\":[\"cp1\"]}}}"));
        web().begin(body).statusCode(400).body("member", equalTo("parameters"));
    }

    @Test
    @DisplayName("H21: tokens on which another session lives are not revoked, whoever signed in")
    void refusedTokensOfALivingSessionAreNotRevoked() {
        Map<String, Object> body = Browser.body("openid");
        String session = alicesSession(body);
        Begun again = web().begun(body);
        // Some servers have one refresh token for a user and a client.
        IssuedTokens bobs = server.issue("bob");
        web().as()
                .contentType("application/json")
                .body("{\"registration\":\"openid\",\"subject\":\"bob\",\"token_response\":" + bobs.json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201);
        server.signInTokens(bobs.json());
        web().complete(again, web().consent(again, "bob")).statusCode(409).body("code", equalTo("other_subject"));
        assertThat(sql().select("select count(*) from tokenkeep_revocation where session_id = '" + again.id() + "'"))
                .isEqualTo("0");
    }

    @Test
    @DisplayName("H21: while the key of the session is missing, nobody can tell whose it is, and nobody takes it over")
    void nobodyTakesOverASessionWhoseKeyIsMissing() {
        Map<String, Object> body = Browser.body("openid");
        String session = alicesSession(body);
        Begun again = web().begun(body);
        sql().execute("update tokenkeep_session set key_id = 'elsewhere' where id = '" + session + "'");
        int requests = server.ledger().tokenRequests();
        web().complete(again, web().consent(again, "mallory"))
                .statusCode(503)
                .body("type", equalTo("urn:tokenkeep:problem:key-unavailable"));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        web().show(again).body("status", equalTo("pending"));
        sql().execute("delete from tokenkeep_session where id = '" + session + "'");
    }

    @Test
    @DisplayName("H9, H22, K21: an error leaves the sign-in usable")
    void anErrorLeavesTheSignInUsable() {
        Begun begun = web().begin("openid");
        web().complete(begun, web().callback(begun, Map.of("error", "login_required", "code", "stray")))
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-denied"))
                .body("code", equalTo("login_required"));
        web().show(begun).body("status", equalTo("pending")).body("error", equalTo("login_required"));
        web().complete(begun, web().consent(begun, "alice")).statusCode(201);
    }

    @Test
    @DisplayName("H9: an error that looks like no error code is not passed on")
    void passesOnNothingThatIsNoCode() {
        Begun begun = web().begin("openid");
        web().complete(begun, web().callback(begun, Map.of("error", "<script>alert(1)</script>")))
                .statusCode(409)
                .body("code", equalTo("unreadable_error"));
    }

    @Test
    @DisplayName("D: a client that is refused, or a server that is away, spends no code")
    void aCodeThatWasNotSpentIsSentAgain() {
        Begun begun = web().begin("openid");
        String callback = web().consent(begun, "alice");
        server.answerNext(401, "{\"error\":\"invalid_client\"}");
        web().complete(begun, callback)
                .statusCode(503)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-server-unavailable"))
                .body("code", equalTo("invalid_client"));
        server.down();
        web().complete(begun, callback).statusCode(503).body("code", equalTo("connection_refused"));
        server.up();
        web().complete(begun, callback).statusCode(201);
    }

    @Test
    @DisplayName("H6: a code whose outcome is unknown is not sent again")
    void anUnknownOutcomeEndsTheSignIn() {
        Begun begun = web().begin("openid");
        String callback = web().consent(begun, "alice");
        server.dropNextAfterSpending();
        for (int time = 0; time < 2; time++) {
            web().complete(begun, callback).statusCode(409).body("code", equalTo("outcome_unknown"));
        }
        assertThat(server.codes().redeemedAgain()).isEmpty();
        web().show(begun).body("status", equalTo("failed")).body("error", equalTo("outcome_unknown"));
    }

    @Test
    @DisplayName("H11: without a refresh token there is no session")
    void tellsThatTheRefreshTokenIsMissing() {
        Begun begun = web().begin("plain");
        String callback = web().consent(begun, "alice");
        server.answerNext(200, "{\"access_token\":\"at-1\",\"token_type\":\"Bearer\",\"expires_in\":60}");
        web().complete(begun, callback).statusCode(409).body("code", equalTo("refresh_token_missing"));
    }

    @ParameterizedTest
    @CsvSource({
        "registration, 7, registration",
        "registration, nobody, registration",
        "subject, '', subject",
        "redirect_uri, https://web.example/callback, redirect_uri",
        "redirect_uri, https://web.example/other/, redirect_uri",
        "redirect_uri, https://WEB.example/other, redirect_uri",
        "redirect_uri, http://web.example/other, redirect_uri",
        "redirect_uri, https://web.example:443/other, redirect_uri",
        "redirect_uri, https://web.example/other?x=1, redirect_uri",
        "redirect_uri, https://web.example/other#x, redirect_uri",
        "redirect_uri, https://web.example/x/../other, redirect_uri",
        "redirect_uri, https://web.example/othe%72, redirect_uri",
        "redirect_uri, https://web.example@evil.example/other, redirect_uri",
        "redirect_uri, https://evil.example/https://web.example/other, redirect_uri",
        "redirect_uri, http://127.0.0.1.evil.example/callback, redirect_uri",
        "redirect_uri, http://user@127.0.0.1:80/callback, redirect_uri",
        "redirect_uri, http://127.0.0.1:80/other, redirect_uri",
        "scope, 'openid  email', scope",
        "scope, 'a\"b', scope",
        "parameters, text, parameters",
        "session, 0123456789abcdef0123456789abcdef, ''",
        "surprise, x, surprise"
    })
    @DisplayName("K4, K9: bad input is refused, and the member is named")
    void namesWhatIsWrong(String member, String value, String named) {
        Map<String, Object> body = Browser.body("openid");
        body.put(member, value.equals("7") ? Integer.valueOf(7) : value);
        var answer = web().begin(body);
        if (named.isEmpty()) {
            answer.statusCode(404).body("type", equalTo("urn:tokenkeep:problem:session-not-found"));
        } else {
            answer.statusCode(400)
                    .body("type", equalTo("urn:tokenkeep:problem:invalid-request"))
                    .body("member", equalTo(named));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect_uri",
                "client_id",
                "response_type",
                "code_challenge",
                "code_challenge_method",
                "state",
                "nonce",
                "request",
                "request_uri",
                "scope",
                "audience",
                "access_type",
                "max_age",
                "dpop_jkt"
            })
    @DisplayName("K4: callers set only what is allowed, and what the operator has fixed stays")
    void callersSetOnlyWhatIsAllowed(String parameter) {
        Map<String, Object> body = Browser.body("openid");
        body.put("parameters", Map.of(parameter, "x"));
        web().begin(body)
                .statusCode(400)
                .body("member", containsString("parameters"))
                .body("detail", containsString(parameter.equals("max_age") ? "seconds" : "login_hint"));
    }

    @Test
    @DisplayName("H24, K19: a caller begins only with registrations that are named for it")
    void beginsOnlyWithNamedRegistrations() {
        new Browser("anywhere", server)
                .begin(Browser.body("openid"))
                .statusCode(403)
                .body("detail", containsString("must be named"));
    }

    @Test
    void tellsThatARegistrationHasNoSignIn() {
        web().begin(Browser.body("none"))
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:sign-in-not-possible"))
                .body("code", equalTo("no_authorization_endpoint"));
    }

    @Test
    @DisplayName("K20: sign-ins of one subject have a limit, which others do not feel")
    void limitsTheSignInsOfASubject() {
        Map<String, Object> body = Browser.body("plain");
        for (int i = 0; i < 20; i++) {
            web().begun(body);
        }
        web().begin(body).statusCode(429).header("Retry-After", equalTo("60"));
        web().begin("plain");
    }

    @Test
    @DisplayName("K1: the database holds no state, verifier, nonce or code in the clear")
    void storesNoSecretInTheClear() {
        Begun begun = web().begin("openid");
        Map<String, String> asked = new HashMap<>(server.codes().parameters(begun.uri()));
        String callback = web().consent(begun, "alice");
        server.dropNextAfterSpending();
        String code = callback.replaceAll(".*code=([^&]*).*", "$1");
        String pending = row(begun);
        web().complete(begun, callback).statusCode(409);
        String over = row(begun);
        for (String secret : List.of(begun.state(), asked.get("nonce"), code)) {
            assertThat(List.of(pending, over))
                    .allSatisfy(row -> assertThat(row)
                            .doesNotContain(secret, HexFormat.of().formatHex(secret.getBytes(UTF_8))));
        }
        assertThat(over).contains("\"verifier\":null", "\"nonce\":null");
    }
}
