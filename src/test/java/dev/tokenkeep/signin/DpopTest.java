package dev.tokenkeep.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProtectedResourceRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DefaultDPoPSingleUseChecker;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.tokenkeep.DpopProof;
import dev.tokenkeep.DpopProofs;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.lifecycle.ReceivedTokens;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.testing.AssertionVerifier;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ProofVerifier.Mode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access tokens that are bound to a key of their session (RFC 9449; CONFORMANCE A11, G9 to G13, G27 to G29, of I16 that the key is not told). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(DpopResource.class)
class DpopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String API = "https://api.example/contacts";

    ScriptedAuthorizationServer server;
    AssertionVerifier assertions;

    @Inject
    ClientRegistrations registrations;

    @Inject
    DpopProofs proofs;

    @Inject
    SessionService sessions;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void asUsual() {
        server.asUsual();
        server.proofs().forget();
    }

    private Browser web() {
        return new Browser("web", server);
    }

    private ValidatableResponse register(String registration, Map<String, ?> more) {
        var body = new HashMap<String, Object>(more);
        body.put("registration", registration);
        body.put("subject", "user-" + UUID.randomUUID());
        return web().post("/v1/sessions", body).then();
    }

    private String registered(String registration) {
        IssuedTokens issued = server.issue("alice");
        String type = registration.equals("plain") ? "Bearer" : "DPoP";
        return register(
                        registration,
                        Map.of(
                                "token_response",
                                Map.of(
                                        "access_token",
                                        issued.accessToken(),
                                        "token_type",
                                        type,
                                        "refresh_token",
                                        issued.refreshToken(),
                                        "expires_in",
                                        60)))
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse read(String session) {
        return web().as().get("/v1/sessions/" + session + "/access-token").then();
    }

    private ValidatableResponse refresh(String session) {
        return web().as()
                .contentType("application/json")
                .post("/v1/sessions/" + session + "/refresh")
                .then();
    }

    private ValidatableResponse prove(String session, Map<String, ?> request) {
        return web().post("/v1/sessions/" + session + "/dpop-proof", request).then();
    }

    private ValidatableResponse prove(String session) {
        return prove(session, Map.of("method", "GET", "uri", API));
    }

    private ValidatableResponse show(String session) {
        return web().as().get("/v1/sessions/" + session).then();
    }

    private String lastKey() {
        List<String> keys = server.proofs().keys();
        return keys.get(keys.size() - 1);
    }

    private static void verify(String accessToken, String proof, String key, String nonce) throws Exception {
        var resource = new DPoPProtectedResourceRequestVerifier(
                Set.of(JWSAlgorithm.ES256), 5, new DefaultDPoPSingleUseChecker(60, 60));
        resource.verify(
                "GET",
                URI.create(API),
                new DPoPIssuer("client"),
                SignedJWT.parse(proof),
                new DPoPAccessToken(accessToken),
                new JWKThumbprintConfirmation(new Base64URL(key)),
                nonce == null ? null : new Nonce(nonce));
    }

    @Test
    @DisplayName("G9, G11, I16: a session has one key, by which it is refreshed and its access token is presented")
    void bindsTheTokensOfASession() throws Exception {
        String session = registered("secret");

        String first = read(session)
                .statusCode(200)
                .body("token_type", equalTo("DPoP"))
                .extract()
                .path("access_token");
        String key = lastKey();
        var proven = prove(session)
                .statusCode(200)
                .body("token.access_token", equalTo(first))
                .body("token.token_type", equalTo("DPoP"))
                .extract();
        verify(first, proven.path("proof"), key, null);

        refresh(session).statusCode(200);
        assertThat(lastKey()).isEqualTo(key);
        var next = prove(session, Map.of("method", "GET", "uri", API + "?page=2", "nonce", "rs-1"))
                .statusCode(200)
                .extract();
        assertThat(next.<String>path("token.access_token")).isNotEqualTo(first);
        verify(next.path("token.access_token"), next.path("proof"), key, "rs-1");
        assertThat(server.proofs().refused()).isEmpty();
    }

    @Test
    void eachSessionHasAKeyOfItsOwn() {
        read(registered("secret")).statusCode(200);
        String first = lastKey();
        read(registered("secret")).statusCode(200);

        assertThat(lastKey()).isNotEqualTo(first);
    }

    @Test
    @DisplayName("an access token that the caller got with another key is not served")
    void servesNoTokenOfAnotherKey() {
        IssuedTokens issued = server.issue("alice");
        String session = register(
                        "secret",
                        Map.of(
                                "token_response",
                                Map.of(
                                        "access_token", issued.accessToken(),
                                        "refresh_token", issued.refreshToken(),
                                        "expires_in", 3600)))
                .statusCode(201)
                .body("access_token_expires_at", nullValue())
                .extract()
                .path("id");

        assertThat(read(session).statusCode(200).extract().<String>path("access_token"))
                .isNotEqualTo(issued.accessToken());
    }

    @Test
    void refusesAnAccessTokenAloneBecauseItsKeyIsElsewhere() {
        register("secret", Map.of("token_response", Map.of("access_token", "at-1", "expires_in", 60)))
                .statusCode(400)
                .body("detail", containsString("the access token is not bound to a key of Tokenkeep"));
    }

    @Test
    @DisplayName("G11: the refresh token of a public client is bound to a key, so it cannot be brought")
    void refusesTheRefreshTokenOfAPublicClient() {
        register("mobile", Map.of("token_response", Map.of("refresh_token", "rt-" + UUID.randomUUID())))
                .statusCode(400)
                .body("member", equalTo("token_response.refresh_token"))
                .body("detail", containsString("Tokenkeep has to sign in users"));
    }

    @Test
    @DisplayName("G13: the code, the refresh token and the access token of a public client are bound to one key")
    void signsInAtAPublicClient() throws Exception {
        Browser.Begun begun = web().begun(Browser.body("mobile"));
        String asked = server.codes().parameters(begun.uri()).get("dpop_jkt");
        String session = web().complete(begun, web().consent(begun, "alice"))
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(lastKey()).isEqualTo(asked);

        refresh(session).statusCode(200);
        refresh(session).statusCode(200);
        var proven = prove(session).statusCode(200).extract();
        verify(proven.path("token.access_token"), proven.path("proof"), asked, null);
        assertThat(server.proofs().keys()).hasSize(3).containsOnly(asked);
        assertThat(server.proofs().refused()).isEmpty();
    }

    @Test
    @DisplayName("G13: each sign-in has a key of its own, which a pushed request names too")
    void namesTheKeyInTheAuthorizationRequest() {
        Browser.Begun one = web().begun(Browser.body("secret"));
        Browser.Begun other = web().begun(Browser.body("secret"));
        assertThat(one.uri().toString()).contains("request_uri=").doesNotContain("dpop_jkt");

        assertThat(server.codes().parameters(one.uri()).get("dpop_jkt"))
                .hasSize(43)
                .isNotEqualTo(server.codes().parameters(other.uri()).get("dpop_jkt"));
        assertThat(server.codes().parameters(web().begun(Browser.body("plain")).uri()))
                .doesNotContainKey("dpop_jkt");
    }

    @Test
    void signsInWithAUserCode() {
        server.devices().members(",\"interval\":1");
        var body = new LinkedHashMap<String, Object>();
        body.put("registration", "mobile");
        body.put("subject", "user-" + UUID.randomUUID());
        body.put("flow", "device_code");
        var begun = web().begin(body).statusCode(201).extract();
        server.devices().approve(begun.path("user_code"), "alice");
        String session = web().as()
                .get("/v1/authorizations/" + begun.path("id") + "?wait=30")
                .then()
                .body("status", equalTo("completed"))
                .extract()
                .path("session");

        read(session).statusCode(200).body("token_type", equalTo("DPoP"));
        refresh(session).statusCode(200);
        assertThat(server.proofs().keys()).hasSizeGreaterThan(1);
        assertThat(Set.copyOf(server.proofs().keys())).hasSize(1);
        assertThat(server.proofs().refused()).isEmpty();
    }

    @Test
    @DisplayName("G29: machine tokens and exchanged tokens are asked for with a proof too")
    void bindsTokensOfOtherGrants() throws Exception {
        String machine = register(
                        "secret",
                        Map.of("grant", Map.of("type", "client_credentials", "scope", "" + UUID.randomUUID())))
                .statusCode(201)
                .extract()
                .path("id");
        var proven = prove(machine).statusCode(200).extract();
        verify(proven.path("token.access_token"), proven.path("proof"), lastKey(), null);

        String exchanged = register(
                        "secret",
                        Map.of(
                                "grant",
                                Map.of(
                                        "type", "urn:ietf:params:oauth:grant-type:token-exchange",
                                        "subject_token", "token-of-alice",
                                        "subject_token_type", "urn:ietf:params:oauth:token-type:access_token")))
                .statusCode(201)
                .body("grant", equalTo("none"))
                .extract()
                .path("id");
        proven = prove(exchanged).statusCode(200).extract();
        verify(proven.path("token.access_token"), proven.path("proof"), lastKey(), null);
    }

    @Test
    @DisplayName("A11, G10: a nonce that changes with every answer costs one request more, and only at the start")
    void repeatsTheNonceOfTheServer() {
        String session = registered("nonces");
        server.proofs().mode(Mode.NONCES);

        for (int i = 0; i < 5; i++) {
            refresh(session).statusCode(200);
        }
        assertThat(server.proofs().refused()).containsExactly("use_dpop_nonce: nonce");
        assertThat(server.proofs().keys()).hasSize(5);
    }

    @Test
    @DisplayName("G3: a challenge is answered with a new JWT of the client too")
    void signsAnewForTheNonce() {
        String session = registered("signing");
        server.proofs().mode(Mode.NONCES);

        refresh(session).statusCode(200);
        refresh(session).statusCode(200);
        assertThat(server.proofs().refused()).hasSize(1);
        assertThat(assertions.refused()).isEmpty();
    }

    @Test
    @DisplayName("G27: a server that challenges without end is asked twice, and the refresh token stays good")
    void asksTwiceAtMost() {
        String session = registered("endless");
        server.proofs().mode(Mode.ENDLESS);

        read(session).statusCode(503);
        show(session).body("status", equalTo("ACTIVE")).body("failure.code", equalTo("use_dpop_nonce"));
        int attempts = show(session).extract().path("failure.attempts");
        assertThat(server.proofs().refused()).hasSize(2 * attempts);

        server.proofs().mode(Mode.PLAIN);
        again(session);
        awaitRead(session);
    }

    @Test
    @DisplayName("G28: a proof that is refused ends no session")
    void outlivesARefusedProof() {
        String session = registered("refused");
        server.proofs().mode(Mode.REFUSING);

        read(session).statusCode(503);
        show(session).body("status", equalTo("ACTIVE")).body("failure.code", equalTo("invalid_dpop_proof"));

        server.proofs().mode(Mode.PLAIN);
        again(session);
        awaitRead(session);
    }

    /** Once the authorization server is tried again. */
    private ValidatableResponse awaitRead(String session) {
        return await().atMost(PATIENCE)
                .until(() -> read(session), answer -> answer.extract().statusCode() == 200);
    }

    /** As if the wait after a failure were over. */
    private void again(String session) {
        new Sql(database)
                .execute("update tokenkeep_session set not_before = null, refresh_due_at = now() where id = '" + session
                        + "'");
    }

    @Test
    @DisplayName("G12: a bearer token is refused where a bound one was asked for, and its refresh token is kept")
    void refusesADowngrade() {
        String session = registered("downgraded");
        server.proofs().mode(Mode.BEARER);

        read(session).statusCode(503);
        show(session).body("status", equalTo("ACTIVE")).body("failure.code", equalTo("access_token_not_bound"));

        server.proofs().mode(Mode.PLAIN);
        again(session);
        awaitRead(session).body("token_type", equalTo("DPoP"));
    }

    @Test
    @DisplayName("G12: with dpop-required=false a bearer token is served as one")
    void servesABearerTokenIfAllowed() {
        String session = registered("offered");
        server.proofs().mode(Mode.BEARER);

        read(session).statusCode(200).body("token_type", equalTo("Bearer"));
        prove(session).statusCode(409).body("type", equalTo("urn:tokenkeep:problem:token-not-bound"));

        server.proofs().mode(Mode.PLAIN);
        refresh(session).statusCode(200);
        prove(session).statusCode(200);
    }

    @Test
    @DisplayName("a session from before dpop=true gets a key with its next refresh")
    void bindsASessionThatHasNoKey() {
        String session = registered("secret");
        read(session).statusCode(200);
        String before = lastKey();
        new Sql(database).execute("update tokenkeep_session set dpop_key = null where id = '" + session + "'");

        refresh(session).statusCode(200);
        String key = lastKey();
        assertThat(key).isNotEqualTo(before);
        prove(session).statusCode(200);
        refresh(session).statusCode(200);
        assertThat(lastKey()).isEqualTo(key);
    }

    @Test
    @DisplayName("a session that has a key uses it, also if its registration wants none any more")
    void keepsTheKeyOfASession() throws Exception {
        String key = DpopKey.generate().toJwk().reveal();
        var response = new TokenResponse(
                null,
                null,
                AccessTokenExpiry.UNTOLD,
                Secret.of(server.issue("alice").refreshToken()),
                null,
                null,
                null);
        var registered = (RegistrationResult.Stored) sessions.register(
                registrations.find("plain").orElseThrow(),
                "alice",
                "web",
                new ReceivedTokens(response, Duration.ZERO, Secret.of(key), stored -> {}));
        String session = registered.session().id();

        read(session).statusCode(200).body("token_type", equalTo("DPoP"));
        refresh(session).statusCode(200);
        String thumbprint = DpopKey.ofJwk(Secret.of(key)).thumbprint();
        assertThat(server.proofs().keys()).containsExactly(thumbprint, thumbprint);
        var proven = prove(session).statusCode(200).extract();
        verify(proven.path("token.access_token"), proven.path("proof"), thumbprint, null);
    }

    @Test
    @DisplayName("a sign-in that began before dpop=true ends well, and its session gets a key")
    void endsASignInThatBeganWithoutAKey() {
        Browser.Begun begun = web().begun(Browser.body("mobile"));
        new Sql(database).execute("update tokenkeep_authorization set dpop_key = null where id = '" + begun.id() + "'");
        URI unbound = URI.create(begun.uri().toString().replaceAll("&dpop_jkt=[^&]+", ""));
        String code = server.codes().issue("alice", unbound);
        String session = web().complete(begun, web().callback(begun, Map.of("code", code)))
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(server.proofs().keys()).isEmpty();

        read(session).statusCode(200).body("token_type", equalTo("DPoP"));
        assertThat(server.proofs().keys()).hasSize(1);
    }

    @Test
    @DisplayName("I16: nobody gets a proof for the token endpoint")
    void provesNothingToTheTokenEndpoint() {
        String session = registered("secret");

        for (String uri : List.of(
                "/token?a=b", "/tok%65n#c", "/TOKEN/../token", "/x/%2E%2e/token", "/./token", "/../token", "//token")) {
            prove(session, Map.of("method", "POST", "uri", server.issuer() + uri))
                    .statusCode(400)
                    .body("member", equalTo("uri"));
        }
        prove(session, Map.of("method", "POST", "uri", server.tokenEndpoint().toString()))
                .statusCode(400)
                .body("detail", equalTo("uri: must not be a token endpoint."));
        for (String uri : List.of("/userinfo", "/a//b", "/a%2Epdf", "/token/x")) {
            prove(session, Map.of("method", "POST", "uri", server.issuer() + uri))
                    .statusCode(200);
        }
    }

    @Test
    @DisplayName("a sign-in that brings the same refresh token with another key gives the session that key")
    void takesTheKeyOfASignIn() throws Exception {
        IssuedTokens same = server.issue("alice");
        server.signInTokens(same.json());
        var body = new HashMap<>(Browser.body("mobile"));
        Browser.Begun first = web().begun(body);
        String session = web().complete(first, web().consent(first, "alice"))
                .statusCode(201)
                .extract()
                .path("id");
        body.put("session", session);
        Browser.Begun again = web().begun(body);
        web().complete(again, web().consent(again, "alice")).statusCode(201).body("id", equalTo(session));
        String key = lastKey();
        assertThat(server.proofs().keys()).hasSize(2).doesNotHaveDuplicates();

        var proven = prove(session).statusCode(200).extract();
        verify(proven.path("token.access_token"), proven.path("proof"), key, null);
        server.asUsual();
        refresh(session).statusCode(200);
        assertThat(lastKey()).isEqualTo(key);
        assertThat(server.proofs().refused()).isEmpty();
    }

    @Test
    @DisplayName("the same for a sign-in that does not name the session")
    void takesTheKeyOfASignInThatComesToAnExistingSession() throws Exception {
        IssuedTokens same = server.issue("alice");
        server.signInTokens(same.json());
        var body = Browser.body("mobile");
        Browser.Begun first = web().begun(body);
        String session = web().complete(first, web().consent(first, "alice"))
                .statusCode(201)
                .extract()
                .path("id");
        Browser.Begun again = web().begun(body);
        web().complete(again, web().consent(again, "alice")).statusCode(201).body("id", equalTo(session));
        String key = lastKey();

        server.asUsual();
        refresh(session).statusCode(200);
        assertThat(lastKey()).isEqualTo(key);
        assertThat(server.proofs().refused()).isEmpty();
    }

    @Test
    @DisplayName("an attempt that was claimed before the session had its key leaves the key")
    void leavesTheKeyThatAnAttemptDoesNotKnow() throws Exception {
        String session = registered("plain");
        var sql = new Sql(database);
        Gate gate = server.holdNextBeforeSpending();
        var underWay =
                CompletableFuture.supplyAsync(() -> refresh(session).extract().statusCode());
        gate.awaitArrival();
        sql.execute("update tokenkeep_session set dpop_key = 'a key' where id = '" + session + "'");
        gate.open();

        assertThat(underWay.get()).isEqualTo(200);
        assertThat(sql.select("select encode(dpop_key, 'escape') from tokenkeep_session where id = '" + session + "'"))
                .isEqualTo("a key");
    }

    @Test
    @DisplayName("G28: a clock that is wrong for a while ends no sign-in")
    void endsNoSignInForARefusedProof() {
        Browser.Begun begun = web().begun(Browser.body("refused"));
        String callback = web().consent(begun, "alice");
        server.proofs().mode(Mode.REFUSING);
        web().complete(begun, callback).statusCode(503);

        server.proofs().mode(Mode.PLAIN);
        web().complete(begun, callback).statusCode(201);
    }

    @Test
    void keepsNoKeyOfARemovedSession() {
        String session = registered("secret");
        read(session).statusCode(200);
        String key = "select coalesce(octet_length(dpop_key), 0) from tokenkeep_session where id = '" + session + "'";
        assertThat(new Sql(database).select(key)).isNotEqualTo("0");
        web().as().delete("/v1/sessions/" + session).then().statusCode(204);

        assertThat(new Sql(database).select(key)).isEqualTo("0");
    }

    @Test
    void auditsAProofLikeARead() {
        String session = registered("secret");
        try (var log = LogLines.of("dev.tokenkeep.audit")) {
            var proven = prove(session).statusCode(200).extract();
            assertThat(log.with("\"operation\":\"proveAccessToken\""))
                    .singleElement()
                    .asString()
                    .contains("\"decision\":\"allowed\"", "\"caller\":\"web\"")
                    .doesNotContain(proven.<String>path("proof"), proven.<String>path("token.access_token"));
        }
    }

    @Test
    void replacedTokensGetANewKey() {
        String session = registered("secret");
        read(session).statusCode(200);
        String key = lastKey();
        web().as()
                .contentType("application/json")
                .body(Map.of(
                        "token_response",
                        Map.of("refresh_token", server.issue("alice").refreshToken())))
                .put("/v1/sessions/" + session)
                .then()
                .statusCode(200);

        read(session).statusCode(200);
        assertThat(lastKey()).isNotEqualTo(key);
    }

    @Test
    @DisplayName("A11: a bound access token is not served where no key was sent")
    void servesNoBoundTokenWithoutAKey() {
        String session = registered("plain");
        server.answerNext(
                200,
                "{\"access_token\":\"at\",\"token_type\":\"DPoP\",\"expires_in\":60,\"refresh_token\":\""
                        + server.issue("alice").refreshToken() + "\"}");
        refresh(session).statusCode(200);

        show(session)
                .body("failure.code", equalTo("unsupported_token_type"))
                .body("access_token_expires_at", nullValue());
        again(session);
        awaitRead(session).body("token_type", equalTo("Bearer"));
    }

    @Test
    void provesNothingForATokenWithoutAKey() {
        String session = registered("plain");

        prove(session)
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:token-not-bound"))
                .body("detail", containsString("dpop=true"));
        assertThatThrownBy(() -> proofs.prove(session, "GET", URI.create(API), null))
                .isInstanceOf(TokenNotBoundException.class);
        assertThat(server.proofs().keys()).isEmpty();
    }

    @Test
    void provesInsideTheApplication() throws Exception {
        String session = registered("secret");

        DpopProof proof = proofs.prove(session, "GET", URI.create(API), null);
        verify(proof.accessToken().value(), proof.value(), lastKey(), null);
        assertThat(proof.toString())
                .doesNotContain(proof.value(), proof.accessToken().value());
        proof = proofs.proveAsync(session, "GET", URI.create(API), "n-1")
                .await()
                .atMost(Duration.ofSeconds(10));
        verify(proof.accessToken().value(), proof.value(), lastKey(), "n-1");
        assertThatThrownBy(() -> proofs.prove("no-such-session-at-all", "GET", URI.create(API), null))
                .isInstanceOf(SessionNotFoundException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proofs.prove(session, "GET", URI.create("/contacts"), null))
                .withMessage("uri: must be an absolute http or https URI with a host");
    }

    @Test
    void provesNothingToAnotherCaller() {
        String session = registered("secret");

        new Browser("rival", server)
                .post("/v1/sessions/" + session + "/dpop-proof", Map.of("method", "GET", "uri", API))
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:session-not-found"));
    }

    @ParameterizedTest
    @CsvSource({
        "G ET, https://api.example, , method",
        "GET, /contacts, , uri",
        "GET, ftp://api.example/a, , uri",
        "GET, https:///a, , uri",
        "GET, https://user@api.example/a, , uri",
        "GET, https://api example/a, , uri",
        "GET, mailto:a@b.example, , uri",
        "GET, https://api.example, a b, nonce"
    })
    void namesWhatCannotBeInAProof(String method, String uri, String nonce, String culprit) {
        var request = new HashMap<String, String>();
        request.put("method", method);
        request.put("uri", uri);
        request.put("nonce", nonce);

        prove("a-session-that-is-not-there", request)
                .statusCode(400)
                .body("member", equalTo(culprit))
                .body("detail", containsString(culprit + ": "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"method", "uri"})
    void wantsMethodAndUri(String missing) {
        var request = new HashMap<>(Map.of("method", "GET", "uri", API));
        request.remove(missing);

        prove("a-session-that-is-not-there", request).statusCode(400).body("member", equalTo(missing));
    }

    @Test
    @DisplayName("G13, I16: the access token of a target is bound to the key of its session, and proven with it")
    void provesTheAccessTokenOfATarget() throws Exception {
        String session = registered("secret");
        String own = read(session).extract().path("access_token");
        var proven = prove(session, Map.of("method", "GET", "uri", API, "target", "billing"))
                .statusCode(200)
                .body("token.token_type", equalTo("DPoP"))
                .extract();
        String token = proven.path("token.access_token");
        assertThat(token).isNotEqualTo(own);
        assertThat(server.targets().of(token)).containsEntry("resource", "https://billing.example");
        SignedJWT proof = SignedJWT.parse(proven.<String>path("proof"));
        assertThat(proof.getJWTClaimsSet().getStringClaim("ath")).isEqualTo(hash(token));
        SignedJWT ofOwn = SignedJWT.parse(prove(session).extract().<String>path("proof"));
        assertThat(proof.getHeader().getJWK().computeThumbprint())
                .isEqualTo(ofOwn.getHeader().getJWK().computeThumbprint());
        prove(session, Map.of("method", "GET", "uri", API, "target", "bilin"))
                .statusCode(400)
                .body("member", equalTo("target"));
        assertThat(proofs.proveForTarget(session, "billing", "GET", URI.create(API), null)
                        .accessToken()
                        .value())
                .isEqualTo(token);
    }

    private static String hash(String token) throws Exception {
        return Base64URL.encode(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(token.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .toString();
    }
}
