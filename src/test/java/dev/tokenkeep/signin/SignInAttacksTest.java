package dev.tokenkeep.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.signin.Browser.Begun;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The attacks on sign-ins that the documentation lists. None gets through, and none costs the user's own sign-in. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(SignInResource.class)
class SignInAttacksTest {

    ScriptedAuthorizationServer server;

    @SignInResource.Second
    ScriptedAuthorizationServer second;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void asUsual() {
        server.asUsual();
        second.asUsual();
    }

    private Browser web() {
        return new Browser("web", server);
    }

    /** Refused, no token request sent; and then the user completes the sign-in all the same. */
    private void isRefused(Begun begun, String callback, String code) {
        int requests = server.ledger().tokenRequests();
        web().complete(begun, callback)
                .statusCode(400)
                .body("type", equalTo("urn:tokenkeep:problem:callback-refused"))
                .body("code", equalTo(code));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        web().show(begun).body("status", equalTo("pending"));
        web().complete(begun, web().consent(begun, "alice")).statusCode(201);
    }

    @Test
    @DisplayName("H2: the state is another one")
    void stateChanged() {
        Begun begun = web().begin("openid");
        String stolen = server.codes().issue("mallory", begun.uri());
        isRefused(begun, web().callback(begun, Map.of("code", stolen, "state", begun.state() + "x")), "state_mismatch");
    }

    @Test
    @DisplayName("H2: the state is missing")
    void stateMissing() {
        Begun begun = web().begin("openid");
        String stolen = server.codes().issue("mallory", begun.uri());
        isRefused(begun, web().callback(begun, Map.of("code", stolen, "state", "")), "state_mismatch");
    }

    @Test
    @DisplayName("H2, H14: two tabs: the response of one is given for the other")
    void stateOfAnotherSignIn() {
        Begun one = web().begin("openid");
        Begun other = web().begin("openid");
        isRefused(one, web().consent(other, "mallory"), "state_mismatch");
    }

    @Test
    @DisplayName("H2: a state is good once")
    void stateReplayed() {
        Begun begun = web().begin("openid");
        String session =
                web().complete(begun, web().consent(begun, "alice")).extract().path("id");
        int requests = server.ledger().tokenRequests();
        // Another code with the same state: no second exchange, and the session stays the first user's.
        web().complete(begun, web().consent(begun, "mallory")).statusCode(201).body("id", equalTo(session));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({"state", "code", "iss", "error"})
    @DisplayName("H3, RFC 6749 §3.1: a parameter comes twice")
    void parameterTwice(String name) {
        Begun begun = web().begin("openid");
        String callback = web().callback(begun, Map.of("code", "c-1", "error", "denied")) + "&" + name + "=again";
        isRefused(begun, callback, name + "_repeated");
    }

    @Test
    @DisplayName("H3: the issuer is missing, though the metadata promises it")
    void issuerMissing() {
        Begun begun = web().begin("openid");
        String code = server.codes().issue("mallory", begun.uri());
        isRefused(begun, web().callback(begun, Map.of("code", code, "iss", "")), "iss_missing");
    }

    @ParameterizedTest
    @CsvSource({"code", "error"})
    @DisplayName("H3, H4, K3: the response is another authorization server's, also an error")
    void issuerMixedUp(String kind) {
        Begun begun = web().begin("openid");
        String callback =
                web().callback(begun, Map.of(kind, "x", "iss", second.issuer().toString()));
        isRefused(begun, callback, "iss_mismatch");
    }

    @Test
    @DisplayName("H4, H24, K3, K19: a code of one server never goes to another")
    void codeOfAnotherServer() {
        Begun begun = web().begin("openid");
        Begun atSecond = web().begin("second");
        String code = second.codes().issue("alice", atSecond.uri());
        int requests = server.ledger().tokenRequests() + second.ledger().tokenRequests();
        web().complete(begun, new Browser("web", second).callback(begun, Map.of("code", code)))
                .statusCode(400)
                .body("code", equalTo("iss_mismatch"));
        assertThat(server.ledger().tokenRequests() + second.ledger().tokenRequests())
                .isEqualTo(requests);
    }

    @Test
    @DisplayName("H25: a code is injected where the server ignores PKCE: the nonce finds it")
    void codeInjectedAtAServerWithoutPkce() {
        server.codes().ignorePkce(true);
        Begun victims = web().begin("openid");
        Begun attackers = web().begin("openid");
        String stolen = server.codes().issue("victim", victims.uri());
        over(web().complete(attackers, web().callback(attackers, Map.of("code", stolen))), "id_token_nonce");
    }

    @Test
    @DisplayName("H5, K9: the callback came to another redirect URI")
    void otherRedirectUri() {
        Begun begun = web().begin("openid");
        String callback = web().consent(begun, "mallory");
        isRefused(begun, callback.replace("/callback?from=as", "/callback?from=as2"), "other_redirect_uri");
    }

    @Test
    @DisplayName("H14, H1, K2: a code from another browser's sign-in does not fit the verifier")
    void codeInjected() {
        Begun begun = web().begin("openid");
        Begun mallorys = web().begin("openid");
        String code = server.codes().issue("mallory", mallorys.uri());
        web().complete(begun, web().callback(begun, Map.of("code", code)))
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-over"))
                .body("code", equalTo("invalid_grant"));
    }

    @Test
    @DisplayName("K11: another caller sees no sign-in and completes none")
    void anotherCaller() {
        Begun begun = web().begin("openid");
        String callback = web().consent(begun, "alice");
        var rival = new Browser("rival", server);
        String unknown = rival.show(new Begun("0123456789abcdef0123456789abcdef", begun.uri(), "", ""))
                .statusCode(404)
                .extract()
                .asString();
        assertThat(rival.show(begun).statusCode(404).extract().asString()).isEqualTo(unknown);
        rival.complete(begun, callback)
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-not-found"));
        web().complete(begun, callback).statusCode(201);
    }

    @Test
    @DisplayName("H6: the callback comes to many threads at once: one exchange")
    void callbackRaced() {
        Begun begun = web().begin("openid");
        String callback = web().consent(begun, "alice");
        int requests = server.ledger().tokenRequests();
        List<Integer> answers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> web().complete(begun, callback).extract().statusCode()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(answers).contains(201).isSubsetOf(201, 409);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
        assertThat(server.codes().redeemedAgain()).isEmpty();
    }

    static Stream<Arguments> idTokens() {
        return Stream.of(
                of("nonce", (issuer, claims) -> issuer.sign(with(claims, "nonce", "another"))),
                of("nonce", (issuer, claims) -> issuer.sign(without(claims, "nonce"))),
                of("aud", (issuer, claims) -> issuer.sign(with(claims, "aud", "another client"))),
                of("iss", (issuer, claims) -> issuer.sign(with(claims, "iss", "https://evil.example"))),
                of("sub", (issuer, claims) -> issuer.sign(without(claims, "sub"))),
                of("exp", (issuer, claims) -> issuer.sign(with(claims, "exp", 1_000_000_000L))),
                of("exp", (issuer, claims) -> issuer.sign(without(claims, "exp"))),
                of("iat", (issuer, claims) -> issuer.sign(with(claims, "iat", 4_000_000_000L))),
                of("at_hash", (issuer, claims) -> issuer.sign(with(claims, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"))),
                of("signature", IdTokenIssuer::signWithAnothersKey),
                of("key_unknown", IdTokenIssuer::signWithAnUnknownKey),
                of("signature", (issuer, claims) -> issuer.unsigned("HS256", claims)),
                of("alg", (issuer, claims) -> issuer.unsigned("none", claims)),
                of("unreadable", (issuer, claims) -> "no.jwt"));
    }

    private static Arguments of(String claim, BiFunction<IdTokenIssuer, Map<String, Object>, String> forged) {
        return Arguments.of(claim, forged);
    }

    private static Map<String, Object> with(Map<String, Object> claims, String claim, Object value) {
        claims.put(claim, value);
        return claims;
    }

    private static Map<String, Object> without(Map<String, Object> claims, String claim) {
        claims.remove(claim);
        return claims;
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("idTokens")
    @DisplayName("H7, K5, K7, K10: no token is kept beside an ID token that is not this sign-in's")
    void idTokenForged(String claim, BiFunction<IdTokenIssuer, Map<String, Object>, String> forged) {
        server.idTokens().signIns(claims -> forged.apply(server.idTokens(), claims));
        Begun begun = web().begin("openid");
        over(web().complete(begun, web().consent(begun, "alice")), "id_token_" + claim);
        web().show(begun).body("status", equalTo("failed")).body("error", equalTo("id_token_" + claim));
        assertThat(new Sql(database)
                        .select("select count(*) from tokenkeep_revocation where session_id = '" + begun.id() + "'"))
                .isEqualTo("1");
    }

    @Test
    @DisplayName("H7: openid was asked for, and no ID token comes")
    void idTokenMissing() {
        server.signInClaims(claims -> null);
        Begun begun = web().begin("openid");
        over(web().complete(begun, web().consent(begun, "alice")), "id_token_missing");
    }

    @Test
    @DisplayName("H7, K7: two audiences, of which nobody trusts one")
    void twoAudiences() {
        server.idTokens()
                .signIns(claims -> server.idTokens()
                        .sign(with(
                                claims, "aud", List.of("\"" + ScriptedAuthorizationServer.CLIENT_ID + "\"", "\"x\""))));
        Begun begun = web().begin("openid");
        over(web().complete(begun, web().consent(begun, "alice")), "id_token_aud");
    }

    @ParameterizedTest
    @CsvSource({
        "max_age, 60, auth_time, 1000000000",
        "max_age, 60, auth_time, ",
        "acr_values, mfa, acr, pwd",
        "acr_values, mfa, acr, "
    })
    @DisplayName("H8: the user authenticated too long ago or too weakly, or nobody knows")
    void authenticationTooOldOrTooWeak(String asked, String value, String claim, String told) {
        server.signInClaims(claims -> told == null
                ? without(claims, claim)
                : with(claims, claim, claim.equals("acr") ? told : (Object) Long.valueOf(told)));
        Map<String, Object> body = Browser.body("openid");
        body.put("parameters", Map.of(asked, value));
        Begun begun = web().begun(body);
        over(web().complete(begun, web().consent(begun, "alice")), "id_token_" + claim);
    }

    private static void over(ValidatableResponse answer, String code) {
        answer.statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-over"))
                .body("code", equalTo(code));
    }
}
