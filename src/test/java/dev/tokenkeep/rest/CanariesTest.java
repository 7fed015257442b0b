package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.lifecycle.ReceivedTokens;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerIssuers;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.EverythingTold;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.KeptSpans;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every secret there is goes every way there is, errors included, with everything logged that can be; and is found nowhere
 * but in the answers that are made of it.
 */
@QuarkusTest
@TestProfile(EverythingTold.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class CanariesTest {

    /** The tests' own client and servers, which share the process. */
    private static final Set<String> TESTS_OWN =
            Set.of("org.apache.http", "io.restassured", "sun.net", "com.sun", "jdk.");

    ScriptedAuthorizationServer server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @TestHTTPResource(value = "/health", management = true)
    URI health;

    @Inject
    ClientRegistrations registrations;

    @Inject
    KeptSpans spans;

    @Inject
    SessionService sessions;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @ConfigProperty(name = "tokenkeep.encryption.keys")
    Path keyDirectory;

    private final Set<String> canaries = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private LogLines log;

    @BeforeEach
    void listen() throws IOException {
        log = LogLines.of("");
        canaries.add(ScriptedAuthorizationServer.CLIENT_SECRET);
        try (Stream<Path> keys = Files.list(keyDirectory)) {
            for (Path key : keys.filter(file -> !file.endsWith("primary")).toList()) {
                canaries.add(Files.readString(key).strip());
            }
        }
    }

    @AfterEach
    void asUsual() {
        log.close();
        server.asUsual();
    }

    @Test
    void nothingIsFoundOfAnySecret() throws SQLException {
        IssuedTokens tokens = canary(server.issue("alice"));
        String id = registered(tokens);
        handedOut(id);
        refused(id);
        badAnswers(id);
        badRequests(id);
        ended(id);
        signsIn();
        signsInByTheHostedCallback();
        signsInWithAUserCode();
        comesFromElsewhere();
        isExchanged(id);
        isImported();
        provesAKey();
        registersAClient();
        told.add(given().get(metrics).asString());
        told.add(given().get(health).asString());
        told.add(given().get("/q/openapi").asString());
        told.addAll(Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .toList());
        told.add(rows());
        told.addAll(spans.texts());
        List<String> found = found();
        System.out.printf(
                "Canaries: %d secrets looked for in %d log lines, %d spans and %d other texts, found in %d%n",
                canaries.size(),
                log.size(),
                spans.texts().size(),
                told.size() - spans.texts().size(),
                found.size());
        assertThat(found).isEmpty();
        assertThat(log.size()).isGreaterThan(1_000);
        assertThat(spans.named("token request")).hasSizeGreaterThan(15);
        assertThat(canaries).hasSizeGreaterThan(12);
        eachStepOfASignInHasASpan();
    }

    private void eachStepOfASignInHasASpan() {
        assertThat(spans.named("authorization request"))
                .hasSize(3)
                .allMatch(span ->
                        "accepted".equals(span.getAttributes().get(AttributeKey.stringKey("tokenkeep.outcome"))));
        assertThat(spans.named("code exchange"))
                .hasSize(3)
                .allSatisfy(step -> assertThat(within(step)).contains("token request", "store"));
        assertThat(spans.named("code exchange"))
                .filteredOn(step -> within(step).contains("id token check"))
                .hasSize(2);
        assertThat(spans.named("device poll"))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(step -> assertThat(within(step)).contains("token request"));
    }

    private List<String> within(SpanData step) {
        return spans.all().stream()
                .filter(span -> span.getParentSpanId().equals(step.getSpanId()))
                .map(SpanData::getName)
                .toList();
    }

    private void comesFromElsewhere() {
        String good = canaryOf("token-of-");
        Response granted = exchange("\"subject_token\":\"" + good + "\",\"scope\":\"offline_access\"");
        assertThat(granted.statusCode()).isEqualTo(201);
        tell(granted);
        tell(exchange("\"subject_token\":\"" + canaryOf("forged-") + "\""));
        tell(exchange("\"" + canaryOf("named-") + "\":\"\",\"subject_token\":\"" + good + "\""));
        server.answerNext(500, "{\"error\":\"" + good + "\"}");
        tell(exchange("\"subject_token\":\"" + good + "\""));
    }

    /** At the token endpoint for OAuth clients, where JWTs are in the body. */
    private void isExchanged(String id) {
        String caller = canaried(CallerKeys.token("sub-all"));
        String unavailable = CallerIssuers.of(CallerIssuers.HANGING, Map.of("sub", "alice"));
        String forged = canaried(CallerIssuers.of("elliptic", Map.of("sub", "alice")));
        String assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        for (var form : List.of(
                Map.of("client_assertion", caller, "subject_token", id),
                Map.of("client_assertion", caller, "subject_token", canaryOf("no session ")),
                Map.of("client_assertion", caller, "subject_token", forged, "audience", canaryOf("no-audience-")),
                Map.of("client_assertion", caller, "subject_token", canaried(unavailable), "audience", "test"),
                Map.of("client_assertion", caller + "x", "subject_token", id),
                Map.of("client_secret", canaryOf("client-secret-"), "subject_token", id))) {
            tell(given().contentType("application/x-www-form-urlencoded")
                    .formParam("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                    .formParam("client_assertion_type", assertionType)
                    .formParam(
                            "subject_token_type",
                            form.get("subject_token").startsWith("ey")
                                    ? "urn:ietf:params:oauth:token-type:jwt"
                                    : "urn:tokenkeep:token-type:session")
                    .formParams(form)
                    .post("/oauth2/token"));
        }
    }

    private Response exchange(String members) {
        return as("narrow")
                .body("{\"registration\":\"other\",\"subject\":\"alice\",\"grant\":{\"type\":"
                        + "\"urn:ietf:params:oauth:grant-type:token-exchange\",\"subject_token_type\":\"t\"," + members
                        + "}}")
                .post("/v1/sessions");
    }

    private void provesAKey() {
        DpopKey key = DpopKey.generate();
        canaries.add(key.toJwk().reveal().replaceAll(".*\"d\":\"([^\"]+)\".*", "$1"));
        Secret refreshToken = Secret.of(canary(server.issue("alice")).refreshToken());
        var response = new TokenResponse(null, null, AccessTokenExpiry.UNTOLD, refreshToken, null, null, null);
        var received = new ReceivedTokens(response, Duration.ZERO, key.toJwk(), stored -> {});
        String path = "/v1/sessions/"
                + ((RegistrationResult.Stored)
                                sessions.register(registrations.find("test").orElseThrow(), "alice", "all", received))
                        .session()
                        .id()
                + "/dpop-proof";
        Response proven = as("all")
                .body("{\"method\":\"GET\",\"uri\":\"https://api.example\",\"nonce\":\"" + canaryOf("nonce-") + "\"}")
                .post(path);
        assertThat(proven.statusCode()).isEqualTo(200);
        canaries.add(proven.path("proof"));
        canaries.add(proven.path("token.access_token"));
        String bad = "{\"method\":\"GET\",\"uri\":\"https://%s@api.example\",\"nonce\":\"%s\"}";
        tell(as("all").body(bad.formatted(canaryOf("user-"), "n")).post(path));
        tell(as("all").body("{\"nonce\":{\"" + canaryOf("nested-") + "\":1}}").post(path));
    }

    private void registersAClient() {
        server.metadata(",\"registration_endpoint\":\"" + server.registrationEndpoint() + "\"");
        String token = canaryOf("initial-");
        server.registered().initialAccessToken(token);
        tell(registersAClient(token));
        assertThat(server.registered().requests().get(0).path("redirect_uris").toString())
                .isEqualTo("[\"https://tokenkeep.example/connect/acme-canary/callback\"]");
        tell(registersAClient(token));
        tell(as("provisioner").delete("/v1/registrations/acme-canary"));
        tell(registersAClient(canaryOf("forged-")));
        tell(registersAClient(canaryOf("control-") + "\\u0000"));
        tell(registersAClient("\",\"" + canaryOf("member-") + "\":\""));
        server.registered().answer(400, "{\"error\":\"" + token + "\"}", Map.of());
        tell(registersAClient(token));
        server.registered().answer(201, "{\"client_id\":\"" + canaryOf("torn-"), Map.of());
        tell(registersAClient(token));
        canaries.addAll(server.registered().secrets());
        server.registered().asUsual();
        server.metadata("");
    }

    private Response registersAClient(String token) {
        return as("provisioner")
                .body("{\"settings\":{\"issuer\":\"" + server.issuer()
                        + "\"},\"register_client\":{\"initial_access_token\":\"" + token + "\"}}")
                .put("/v1/registrations/acme-canary");
    }

    private void isImported() {
        String line = "{\"registration\":\"test\",\"subject\":\"alice\",\"token_response\":"
                + canary(server.issue("alice")).json() + "}";
        String torn = "{\"registration\":\"test\",\"token_response\":{\"refresh_token\":\"" + canaryOf("torn-");
        String named = line.replace("\"refresh_token\":", "\"" + canaryOf("member-") + "\":1,\"refresh_tokens\":");
        tell(given().header("Authorization", "Bearer " + CallerKeys.token("sub-all"))
                .header("Content-Type", "application/x-ndjson")
                .body(String.join("\n", line, torn, named).getBytes(StandardCharsets.UTF_8))
                .post("/v1/sessions/import"));
    }

    private String canaryOf(String kind) {
        String canary = kind + UUID.randomUUID();
        canaries.add(canary);
        return canary;
    }

    private IssuedTokens canary(IssuedTokens tokens) {
        canaries.add(tokens.accessToken());
        canaries.add(tokens.refreshToken());
        return tokens;
    }

    private String registered(IssuedTokens tokens) {
        String idToken = server.idTokens()
                .sign(IdTokenIssuer.claims(
                        "https://as.example/", "alice", Instant.now().getEpochSecond()));
        canaries.add(idToken);
        String json = tokens.json();
        String signIn = json.substring(0, json.lastIndexOf('}')) + ",\"id_token\":\"" + idToken + "\"}";
        Response answer = as("all")
                .body("{\"registration\":\"test\",\"subject\":\"alice\",\"token_response\":" + signIn + "}")
                .post("/v1/sessions");
        told.add(answer.asString());
        return answer.path("id");
    }

    /** Answers that are made of secrets are not told, but what they are made of is looked for everywhere else. */
    private void handedOut(String id) {
        canaries.add(as("all").get("/v1/sessions/" + id + "/access-token").path("access_token"));
        canaries.add(as("all").get("/v1/sessions/" + id + "/id-token").path("id_token"));
        tell(as("all").post("/v1/sessions/" + id + "/refresh"));
        canaries.add(as("all").get("/v1/sessions/" + id + "/access-token").path("access_token"));
        canaries.add(as("all")
                .get("/v1/sessions/" + id + "/access-token?min_ttl=3600")
                .path("access_token"));
        tell(as("all").get("/v1/sessions/" + id));
        tell(as("all").get("/v1/sessions?subject=alice"));
        tell(as("all").get("/v1/registrations"));
    }

    private void refused(String id) {
        String good = canaried(CallerKeys.token("sub-all"));
        for (String bad : List.of(
                canaried(CallerKeys.token("sub-unknown")),
                good.substring(0, good.length() - 4) + "AAAA",
                good + "x",
                canaried(CallerKeys.token(
                        "sub-all", "https://another.issuer", "another", java.time.Duration.ofSeconds(-5))))) {
            tell(given().header("Authorization", "Bearer " + bad).get("/v1/sessions/" + id + "/access-token"));
        }
        tell(given().header("Authorization", "Basic " + good).get("/v1/sessions/" + id));
        tell(given().header("Authorization", good).get("/v1/sessions/" + id));
    }

    /** Its signature alone is secret: what it claims is not. */
    private String canaried(String jwt) {
        canaries.add(jwt.substring(jwt.lastIndexOf('.') + 1, jwt.length() - 4));
        return jwt;
    }

    private void badAnswers(String id) {
        String secret = "canary-" + UUID.randomUUID();
        canaries.add(secret);
        int asked = server.ledger().tokenRequests();
        int answers = 0;
        for (String body : List.of(
                "{\"error\":\"invalid_scope\",\"error_description\":\"" + secret + "\"}",
                "{\"error\":\"" + secret + "\"}",
                "{\"access_token\":\"" + secret + "\"",
                "{\"access_token\":\"" + secret + "\",\"token_type\":\"mac\",\"refresh_token\":[\"" + secret + "\"]}",
                "<html>" + secret + "</html>")) {
            for (int status : new int[] {200, 400, 500}) {
                server.answerNext(status, body);
                answers++;
                tell(as("all").post("/v1/sessions/" + id + "/refresh"));
                // Or the next one would wait for a back-off to end, or for the outcome of this one to be known.
                new Sql(database).execute("update tokenkeep_session set not_before = null, sent_version = null");
            }
        }
        assertThat(server.ledger().tokenRequests() - asked).isGreaterThanOrEqualTo(answers);
    }

    private void badRequests(String id) {
        IssuedTokens tokens = canary(server.issue("alice"));
        String token = tokens.refreshToken();
        for (String body : List.of(
                tokens.json(),
                "{\"token_response\":\"" + token + "\"}",
                "{\"token_response\":{\"refresh_token\":\"" + token + "\",\"refresh_token\":\"" + token + "\"}}",
                "{\"token_response\":{\"refresh_token\":\"" + token + "\",\"expires_in\":\"" + token + "\"}}",
                "{\"" + token + "\":1}",
                "{\"token_response\":{\"refresh_token\":\"" + token,
                token)) {
            tell(as("all").body(body).put("/v1/sessions/" + id));
            tell(as("all").body(body).post("/v1/sessions"));
            tell(as("all").body(body).post("/v1/sessions/" + id + "/refresh"));
        }
    }

    private void ended(String id) {
        IssuedTokens signIn = canary(server.issue("alice"));
        tell(as("all").body("{\"token_response\":" + signIn.json() + "}").put("/v1/sessions/" + id));
        tell(as("all").delete("/v1/sessions/" + id));
    }

    private void signsIn() {
        String redirectUri = "https://narrow.example/callback";
        Response begun = as("narrow")
                .body("{\"registration\":\"other\",\"subject\":\"alice\",\"redirect_uri\":\"" + redirectUri + "\"}")
                .post("/v1/authorizations");
        String callback = redirectUri + "?" + answered(URI.create(begun.path("authorization_uri")));
        String path = "/v1/authorizations/" + begun.path("id");
        for (String wrong :
                List.of(callback + "x", callback + "&code=again", callback.replace("callback?", "other?"))) {
            tell(as("narrow").body("{\"callback\":\"" + wrong + "\"}").post(path + "/completion"));
        }
        tell(as("all").body("{\"callback\":\"" + callback + "\"}").post(path + "/completion"));
        server.answerNext(401, "{\"error\":\"invalid_client\"}");
        tell(as("narrow").body("{\"callback\":\"" + callback + "\"}").post(path + "/completion"));
        tell(as("narrow").body("{\"callback\":\"" + callback + "\"}").post(path + "/completion"));
        tell(as("narrow").get(path));
    }

    /** The user consents: what the authorization server adds to the callback. */
    private String answered(URI authorizationUri) {
        Map<String, String> asked = server.codes().parameters(authorizationUri);
        String code = server.codes().issue("alice", authorizationUri);
        canaries.add(code);
        canaries.add(asked.get("state"));
        return "code=" + code + "&state=" + asked.get("state");
    }

    private void signsInByTheHostedCallback() {
        Response begun = as("narrow")
                .body(
                        "{\"registration\":\"other\",\"subject\":\"alice\",\"return_uri\":\"https://narrow.example/signed-in\"}")
                .post("/v1/authorizations");
        String id = begun.path("id");
        String ticket = begun.<String>path("authorization_uri").replaceAll(".*/", "");
        canaries.add(ticket);
        var browser = given().redirects().follow(false);
        tell(browser.get("/connect/" + ticket + "/x"));
        tell(browser.post("/connect/" + ticket));
        Response sent = given().redirects().follow(false).get("/connect/" + ticket);
        String cookie = sent.cookie("__Host-tokenkeep-" + id);
        canaries.add(cookie);
        String query = answered(URI.create(sent.header("Location")));
        tell(given().get("/connect/other/callback?" + query));
        tell(given().cookie("__Host-tokenkeep-" + id, "A".repeat(43)).get("/connect/other/callback?" + query));
        Response back = given().redirects()
                .follow(false)
                .cookie("__Host-tokenkeep-" + id, cookie)
                .get("/connect/other/callback?" + query);
        String confirmation = back.header("Location").replaceAll(".*confirmation=", "");
        canaries.add(confirmation);
        for (String subject : List.of("bob", "alice")) {
            tell(as("narrow")
                    .body("{\"confirmation\":\"" + confirmation + "\",\"subject\":\"" + subject + "\"}")
                    .post("/v1/authorizations/" + id + "/confirmation"));
        }
    }

    private void signsInWithAUserCode() {
        server.devices().members(",\"interval\":1");
        for (int user = 0; user < 3; user++) {
            Response begun = as("narrow")
                    .body("{\"registration\":\"other\",\"subject\":\"alice\",\"flow\":\"device_code\"}")
                    .post("/v1/authorizations");
            String userCode = begun.path("user_code");
            canaries.add(userCode);
            canaries.add(server.devices().deviceCode(userCode));
            if (user == 0) {
                server.devices().answer(userCode, "access_denied");
            } else if (user == 1) {
                server.devices().approve(userCode, "alice");
            }
            tell(as("narrow").get("/v1/authorizations/" + begun.path("id") + "?wait=" + (user < 2 ? 30 : 2)));
        }
    }

    private void tell(Response answer) {
        told.add(answer.headers() + "\n" + answer.asString());
    }

    /** Every row of every table of ours, with its bytes as characters too, and what the database says it was asked. */
    private String rows() throws SQLException {
        var rows = new StringBuilder();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                append(statement, "select t::text from " + table + " t", rows);
            }
            append(statement, "select query from pg_stat_activity", rows);
            append(
                    statement,
                    "select encode(refresh_token, 'escape') || coalesce(encode(access_token, 'escape'), '')"
                            + " || coalesce(encode(id_token, 'escape'), '') from tokenkeep_session",
                    rows);
            append(statement, "select coalesce(encode(settings, 'escape'), '') from tokenkeep_registration", rows);
            append(
                    statement,
                    "select coalesce(encode(code, 'escape'), '') || coalesce(encode(verifier, 'escape'), '')"
                            + " from tokenkeep_authorization",
                    rows);
        }
        return rows.toString();
    }

    private static List<String> tables(Statement statement) throws SQLException {
        var tables = new ArrayList<String>();
        try (ResultSet found =
                statement.executeQuery("select tablename from pg_tables where tablename like 'tokenkeep%'")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        assertThat(tables).hasSizeGreaterThan(5);
        return tables;
    }

    private static void append(Statement statement, String sql, StringBuilder to) throws SQLException {
        try (ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                to.append(found.getString(1)).append('\n');
            }
        }
    }

    private List<String> found() {
        var found = new ArrayList<String>();
        for (String canary : canaries) {
            log.with(canary).stream()
                    .filter(line -> TESTS_OWN.stream().noneMatch(line::startsWith))
                    .forEach(found::add);
            told.stream().filter(text -> text.contains(canary)).forEach(found::add);
        }
        return found;
    }
}
