package dev.tokenkeep.rest.exchange;

import static dev.tokenkeep.rest.exchange.TokenForms.ACCESS_TOKEN;
import static dev.tokenkeep.rest.exchange.TokenForms.ASSERTION;
import static dev.tokenkeep.rest.exchange.TokenForms.GRANT;
import static dev.tokenkeep.rest.exchange.TokenForms.JWT;
import static dev.tokenkeep.rest.exchange.TokenForms.SESSION;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.tokenkeep.targets.TargetsResource;
import dev.tokenkeep.testing.CallerIssuers;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The token endpoint for stock OAuth clients (RFC 8693). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(TargetsResource.class)
class TokenExchangeTest {

    ScriptedAuthorizationServer server;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @Inject
    MeterRegistry meters;

    private final String subject = "user-" + UUID.randomUUID();

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    private String registered(IssuedTokens tokens) {
        return registered("crm", tokens.json());
    }

    private String registered(String registration, String tokenResponse) {
        return given().auth()
                .oauth2(CallerKeys.token("sub-web"))
                .contentType("application/json")
                .body("{\"registration\":\"" + registration + "\",\"subject\":\"" + subject + "\",\"token_response\":"
                        + tokenResponse + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static RequestSpecification form(String caller) {
        return given().auth()
                .oauth2(CallerKeys.token("sub-" + caller))
                .contentType("application/x-www-form-urlencoded");
    }

    private static RequestSpecification of(String caller, String subjectToken, String type) {
        return form(caller)
                .formParam("grant_type", GRANT)
                .formParam("subject_token", subjectToken)
                .formParam("subject_token_type", type);
    }

    private static ValidatableResponse sent(RequestSpecification request) {
        return request.post("/oauth2/token").then();
    }

    private String user(Map<String, Object> claims) {
        var all = new java.util.HashMap<String, Object>(Map.of("sub", subject));
        all.putAll(claims);
        return CallerIssuers.of("elliptic", all);
    }

    @Test
    @DisplayName("I2: a session's id is exchanged for its access token")
    void exchangesASession() {
        IssuedTokens tokens = server.issue("alice");
        String session = registered(tokens);
        sent(of("web", session, SESSION))
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("access_token", equalTo(tokens.accessToken()))
                .body("issued_token_type", equalTo(ACCESS_TOKEN))
                .body("token_type", equalTo("Bearer"))
                .body("expires_in", greaterThan(0))
                .body("$", not(hasKey("refresh_token")));
        assertThat(server.ledger().tokenRequests()).isZero();
    }

    @Test
    @DisplayName("I1: a client authenticates by its JWT in the body, as stock clients send it")
    void takesAClientAssertion() {
        String session = registered(server.issue("alice"));
        sent(assertion(CallerKeys.token("sub-web"), session).formParam("client_id", "sub-web"))
                .statusCode(200)
                .body("access_token", notNullValue());
        sent(assertion(CallerKeys.token("sub-web"), session).formParam("client_id", "sub-other"))
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
        sent(assertion(CallerKeys.token("sub-web") + "x", session))
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("error", equalTo("invalid_client"));
        sent(assertion(CallerKeys.token("sub-nobody"), session))
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
        sent(assertion(CallerKeys.token("sub-web", CallerKeys.ISSUER, "another", Duration.ofMinutes(1)), session))
                .statusCode(401);
        sent(of("web", session, SESSION)
                        .formParam("client_assertion", CallerKeys.token("sub-web"))
                        .formParam("client_assertion_type", ASSERTION))
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
    }

    private static RequestSpecification assertion(String jwt, String session) {
        return given().contentType("application/x-www-form-urlencoded")
                .formParam("client_assertion", jwt)
                .formParam("client_assertion_type", ASSERTION)
                .formParam("grant_type", GRANT)
                .formParam("subject_token", session)
                .formParam("subject_token_type", SESSION);
    }

    @ParameterizedTest
    @CsvSource({
        "audience, crm,",
        "audience, graph, https://graph.example",
        "resource, https://graph.example, https://graph.example",
        "audience, https://mail.example, https://mail.example"
    })
    @DisplayName("I1: audience and resource name the registration or one of its targets")
    void namesTargets(String parameter, String value, String target) {
        String session = registered(server.issue("alice"));
        String token = sent(of("web", session, SESSION).formParam(parameter, value))
                .statusCode(200)
                .extract()
                .path("access_token");
        if (target != null) {
            assertThat(server.targets().of(token)).containsValue(target);
        }
    }

    @Test
    @DisplayName("I8: a user's JWT of a trusted issuer says whose token is wanted")
    void exchangesAUsersToken() {
        IssuedTokens tokens = server.issue("alice");
        registered(tokens);
        sent(of("web", user(Map.of()), JWT).formParam("audience", "crm"))
                .statusCode(200)
                .body("access_token", equalTo(tokens.accessToken()));
        String graph = sent(of("web", user(Map.of()), JWT)
                        .formParam("audience", "crm")
                        .formParam("resource", "https://graph.example"))
                .statusCode(200)
                .extract()
                .path("access_token");
        assertThat(server.targets().of(graph)).containsEntry("resource", "https://graph.example");
        sent(of("web", user(Map.of()), JWT).formParam("resource", "https://unknown.example"))
                .statusCode(400)
                .body("error", equalTo("invalid_target"));
        // Two registrations have it.
        sent(of("web", user(Map.of()), JWT).formParam("resource", "https://graph.example"))
                .statusCode(400)
                .body("error", equalTo("invalid_target"))
                .body("error_description", containsString("several targets"));
        sent(of("web", user(Map.of("may_act", Map.of("sub", "sub-web", "iss", CallerKeys.ISSUER))), JWT)
                        .formParam("audience", "crm"))
                .statusCode(200);
    }

    static Stream<Map<String, Object>> notForThisCaller() {
        return Stream.of(
                Map.of("aud", "another"),
                Map.of("s_hash", "of an ID token"),
                Map.of("auth_time", 1_000_000_000),
                Map.of("typ", "ID"),
                Map.of("typ", "Refresh"),
                Map.of("typ", 7),
                Map.of("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of())),
                Map.of("may_act", Map.of("sub", "sub-web")),
                Map.of("may_act", Map.of("iss", CallerKeys.ISSUER)),
                Map.of("may_act", Map.of("sub", "sub-web", "iss", 7)),
                Map.of("exp", 1_000_000_000),
                Map.of("nonce", "of an ID token"),
                Map.of("at_hash", "of an ID token"),
                Map.of("may_act", Map.of("sub", "sub-other")),
                Map.of("may_act", Map.of("sub", "sub-web", "iss", "https://other.example")),
                Map.of("may_act", "sub-web"));
    }

    @ParameterizedTest
    @MethodSource("notForThisCaller")
    @DisplayName("I8: a user's JWT that is not for this caller gives nothing")
    void refusesWhatIsNotForTheCaller(Map<String, Object> claims) {
        registered(server.issue("alice"));
        sent(of("web", user(claims), JWT).formParam("audience", "crm"))
                .statusCode(400)
                .body("error", equalTo("invalid_request"))
                .body("member", equalTo("subject_token"));
    }

    @Test
    @DisplayName(
            "I8: neither the caller's own JWT nor one of an issuer that is trusted with callers alone gives anything")
    void refusesOtherIssuers() {
        registered(server.issue("alice"));
        for (String token : List.of(
                CallerKeys.token("sub-web"),
                CallerKeys.token(subject),
                CallerIssuers.of("rsa", Map.of("sub", subject)),
                user(Map.of()) + "x",
                CallerIssuers.of("elliptic", "logout+jwt", Map.of("sub", subject)),
                CallerIssuers.of("elliptic", "dpop+jwt", Map.of("sub", subject)),
                CallerIssuers.token("elliptic", "elliptic", CallerIssuers.ALGORITHMS.get("elliptic"), 7),
                "x",
                "eyJhbGciOiJub25lIn0.e30.")) {
            sent(of("web", token, JWT).formParam("audience", "crm"))
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"))
                    .body("member", equalTo("subject_token"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grant_type           | client_credentials | unsupported_grant_type | grant_type",
                "grant_type           |                    | invalid_request        | grant_type",
                "subject_token        |                    | invalid_request        | subject_token",
                "subject_token        | AAAAAAAAAAAAAAAAAA | invalid_request        | subject_token",
                "subject_token        | no id at all       | invalid_request        | subject_token",
                "subject_token_type   |                    | invalid_request        | subject_token_type",
                "subject_token_type   | urn:x              | invalid_request        | subject_token_type",
                "requested_token_type | urn:x              | invalid_request        | requested_token_type",
                "actor_token          | a.b.c              | invalid_request        | actor_token",
                "actor_token_type     | urn:x              | invalid_request        | actor_token",
                "audience             | nowhere-known      | invalid_target         | audience",
                "audience             | hasty              | invalid_target         | audience",
                "resource             | https://x.example  | invalid_target         | resource",
                "scope                | other              | invalid_scope          | scope"
            })
    @DisplayName("I1: what is wrong is told by its parameter, and never quoted")
    void tellsWhatIsWrong(String parameter, String value, String error, String member) {
        String session = registered(server.issue("alice"));
        var parameters = new java.util.HashMap<>(
                Map.of("grant_type", GRANT, "subject_token", session, "subject_token_type", SESSION));
        parameters.put(parameter, value == null ? "" : value);
        sent(form("web").formParams(parameters))
                .statusCode(400)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", equalTo(error))
                .body("member", equalTo(member))
                .body("error_description", not(containsString("AAAA")));
    }

    @Test
    void aParameterIsGivenOnce() {
        String session = registered(server.issue("alice"));
        sent(of("web", session, SESSION).formParam("grant_type", GRANT))
                .statusCode(400)
                .body("member", equalTo("grant_type"));
        sent(of("web", session, SESSION).formParam("client_secret", "s"))
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
    }

    @Test
    @DisplayName("K11: another caller's session is no session, and a caller without the permission no client")
    void keepsCallersApart() {
        String session = registered(server.issue("alice"));
        sent(of("reader", session, SESSION)).statusCode(400).body("error", equalTo("unauthorized_client"));
        given().contentType("application/x-www-form-urlencoded")
                .formParam("grant_type", GRANT)
                .post("/oauth2/token")
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
        new Sql(database)
                .execute("update tokenkeep_session set owning_caller = 'another' where id = '" + session + "'");
        sent(of("web", session, SESSION))
                .statusCode(400)
                .body("error", equalTo("invalid_request"))
                .body("member", equalTo("subject_token"));
    }

    @Test
    @DisplayName("I1: a session that needs its user is an invalid request, and says whose sign-in to begin")
    void tellsThatTheUserHasToSignIn() {
        String session = registered(server.issue("alice"));
        new Sql(database)
                .execute("update tokenkeep_session set status = 'QUARANTINED', access_token = null where id = '"
                        + session + "'");
        sent(of("web", session, SESSION))
                .statusCode(400)
                .body("error", equalTo("invalid_request"))
                .body("problem", equalTo("urn:tokenkeep:problem:reauthentication-required"))
                .body("session", equalTo(session))
                .body("registration", equalTo("crm"));
    }

    @Test
    @DisplayName("I1: a server that is down is a reason to wait")
    void tellsWhenToTryAgain() {
        String session = registered(server.issue("alice"));
        server.answerNext(503, "{}");
        sent(of("web", session, SESSION).formParam("audience", "erp"))
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("error", equalTo("temporarily_unavailable"));
        server.answerNext(400, "{\"error\":\"access_denied\"}");
        sent(of("web", session, SESSION).formParam("audience", "graph"))
                .statusCode(400)
                .body("error", equalTo("invalid_target"))
                .body("code", equalTo("access_denied"));
    }

    @Test
    void everyHandingOutIsAudited() {
        String session = registered(server.issue("alice"));
        String requestId = "exchange-" + UUID.randomUUID();
        try (var lines = LogLines.of("dev.tokenkeep.audit")) {
            sent(of("web", session, SESSION).header("X-Request-Id", requestId)).statusCode(200);
            assertThat(lines.with(requestId))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains(
                                    "\"operation\":\"exchangeToken\"",
                                    "\"caller\":\"web\"",
                                    "\"decision\":\"allowed\""));
        }
        requestId = "exchange-" + UUID.randomUUID();
        try (var lines = LogLines.of("dev.tokenkeep.audit")) {
            sent(assertion(CallerKeys.token("sub-reader"), session).header("X-Request-Id", requestId))
                    .statusCode(400);
            assertThat(lines.with(requestId))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("\"caller\":\"reader\"", "\"decision\":\"refused\""));
        }
    }

    @Test
    @DisplayName("I8: an access token of a sign-in is one, and whoever acts for the user already does not count")
    void takesAccessTokensOfAllKinds() {
        registered(server.issue("alice"));
        for (String token : List.of(
                user(Map.of("auth_time", 1_000_000_000, "scope", "openid", "typ", "Bearer")),
                CallerIssuers.of("elliptic", "at+jwt", Map.of("sub", subject, "auth_time", 1_000_000_000)),
                CallerIssuers.of("elliptic", "application/at+JWT", Map.of("sub", subject)),
                user(Map.of("act", Map.of("sub", "sub-other"))))) {
            sent(of("web", token, JWT).formParam("audience", "crm")).statusCode(200);
        }
    }

    @Test
    @DisplayName("I8: two issuers may have users of the same sub, and each opens the sessions of its own registrations")
    void keepsTheUsersOfIssuersApart() {
        IssuedTokens ofCrm = server.issue("alice");
        IssuedTokens ofAlone = server.issue("alice");
        registered(ofCrm);
        registered("alone", ofAlone.json());
        String other = CallerIssuers.of("edwards", Map.of("sub", subject));
        sent(of("web", user(Map.of()), JWT).formParam("audience", "crm"))
                .statusCode(200)
                .body("access_token", equalTo(ofCrm.accessToken()));
        sent(of("web", other, JWT).formParam("audience", "alone"))
                .statusCode(200)
                .body("access_token", equalTo(ofAlone.accessToken()));
        for (var request : List.of(
                of("web", user(Map.of()), JWT).formParam("audience", "alone"),
                of("web", other, JWT).formParam("audience", "crm"),
                of("web", other, JWT).formParam("resource", "https://graph.example"))) {
            sent(request).statusCode(400).body("error", equalTo("invalid_target"));
        }
    }

    @Test
    @DisplayName("I2: a lifetime that is not known is not told")
    void leavesOutALifetimeThatIsNotKnown() {
        String session = registered("alone", "{\"access_token\":\"unending\",\"token_type\":\"Bearer\"}");
        sent(of("web", session, SESSION))
                .statusCode(200)
                .body("access_token", equalTo("unending"))
                .body("$", not(hasKey("expires_in")));
    }

    @Test
    @DisplayName("I1: what the server refuses before it reads a request is an OAuth error too")
    void allErrorsAreOAuthErrors() {
        error(form("web").get("/oauth2/token"), 405, "invalid_request")
                .header("Allow", "POST, OPTIONS")
                .body("problem", equalTo("urn:tokenkeep:problem:method-not-allowed"));
        for (String type : List.of("application/json", "text/plain")) {
            error(form("web").contentType(type).body("{}").post("/oauth2/token"), 415, "invalid_request")
                    .body("error_description", containsString("application/x-www-form-urlencoded"));
        }
        error(form("web").body("a".repeat(300 * 1024)).post("/oauth2/token"), 413, "invalid_request");
        error(
                given().contentType("application/x-www-form-urlencoded")
                        .header("Authorization", "Bearer one", "Bearer another")
                        .post("/oauth2/token"),
                400,
                "invalid_request");
        error(form("web").urlEncodingEnabled(false).post("/oauth2/token;a=b"), 400, "invalid_request");
    }

    @Test
    @DisplayName("I1: whoever is over its limit is told how long to wait, however it authenticates")
    void aCallerOverItsLimitHasToWait() {
        String session = registered(server.issue("alice"));
        sent(of("once", session, SESSION)).statusCode(400);
        error(of("once", session, SESSION).post("/oauth2/token"), 429, "temporarily_unavailable")
                .header("Retry-After", notNullValue());
        error(assertion(CallerKeys.token("sub-once"), session).post("/oauth2/token"), 429, "temporarily_unavailable")
                .header("Retry-After", notNullValue());
    }

    @Test
    @DisplayName("I1: a caller that is not authenticated is challenged once")
    void challengesOnce() {
        for (var request : List.of(
                given().contentType("application/x-www-form-urlencoded"),
                given().contentType("application/x-www-form-urlencoded").auth().oauth2("x"),
                given().contentType("application/x-www-form-urlencoded")
                        .auth()
                        .oauth2(CallerKeys.token("sub-web") + "x"),
                given().contentType("application/x-www-form-urlencoded").auth().oauth2("x".repeat(17 * 1024)),
                given().contentType("application/x-www-form-urlencoded")
                        .auth()
                        .preemptive()
                        .basic("web", "secret"))) {
            var answer = request.formParam("grant_type", GRANT).post("/oauth2/token");
            error(answer, 401, "invalid_client");
            assertThat(answer.headers().getValues("WWW-Authenticate"))
                    .singleElement()
                    .asString()
                    .startsWith("Bearer");
        }
    }

    private static ValidatableResponse error(Response answer, int status, String error) {
        return answer.then()
                .statusCode(status)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", equalTo(error))
                .body("error_description", notNullValue());
    }

    @Test
    void refusalsAreAuditedWithTheirReasonAndCounted() {
        String session = registered(server.issue("alice"));
        double before = count("session-not-found");
        String requestId = "exchange-" + UUID.randomUUID();
        try (var lines = LogLines.of("dev.tokenkeep.audit")) {
            sent(of("web", session + "x", SESSION).header("X-Request-Id", requestId))
                    .statusCode(400)
                    .body("problem", equalTo("urn:tokenkeep:problem:session-not-found"))
                    .body("member", equalTo("subject_token"));
            assertThat(lines.with(requestId))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("\"reason\":\"session-not-found\"", "\"caller\":\"web\""));
        }
        assertThat(count("session-not-found")).isEqualTo(before + 1);
        before = count("method-not-allowed");
        form("web").get("/oauth2/token").then().statusCode(405);
        assertThat(count("method-not-allowed")).isEqualTo(before + 1);
    }

    private double count(String problem) {
        return meters.counter("tokenkeep.problems", "problem", problem).count();
    }

    @Test
    @DisplayName("I8: the audit has the user's issuer and who acts for the user already")
    void auditsTheUsersIssuerAndActor() {
        registered(server.issue("alice"));
        for (String audience : List.of("crm", "nowhere-known")) {
            String requestId = "exchange-" + UUID.randomUUID();
            try (var lines = LogLines.of("dev.tokenkeep.audit")) {
                sent(of("web", user(Map.of("act", Map.of("sub", "portal", "act", Map.of("sub", "deeper")))), JWT)
                        .header("X-Request-Id", requestId)
                        .formParam("audience", audience));
                assertThat(lines.with(requestId))
                        .singleElement()
                        .satisfies(line -> assertThat(line)
                                .contains("\"user_issuer\":\"elliptic\"", "\"actor\":\"portal\"")
                                .doesNotContain(subject, "deeper"));
            }
        }
    }

    @Test
    @DisplayName("I3: clients find the endpoint by its metadata")
    void publishesItsMetadata() {
        String issuer = given().get("/.well-known/oauth-authorization-server")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("grant_types_supported", equalTo(List.of(GRANT)))
                .body("token_endpoint_auth_methods_supported", equalTo(List.of("private_key_jwt")))
                .extract()
                .path("issuer");
        given().get("/.well-known/oauth-authorization-server")
                .then()
                .body("token_endpoint", equalTo(issuer + "/oauth2/token"));
        given().get("/.well-known/oauth-authorization-server/tenant").then().statusCode(404);
    }
}
