package dev.tokenkeep.signin;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.signin.store.AuthorizationPurge;
import dev.tokenkeep.signin.store.HostedAuthorizations;
import dev.tokenkeep.testing.AuthorizationCodes;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-ins by the hosted callback, and the attacks on them (CONFORMANCE H10, H12 to H14, H26). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(SignInResource.class)
class HostedSignInTest {

    private static final String COOKIE = "__Host-tokenkeep-";

    ScriptedAuthorizationServer server;

    @Inject
    AuthorizationPurge purge;

    @Inject
    HostedAuthorizations hosted;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private Sql sql() {
        return new Sql(database);
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    /** A cookie of a browser. */
    private record Cookie(String name, String value) {}

    /** A sign-in whose browser has been sent to the authorization server. */
    private record Gone(URI uri, Cookie cookie) {}

    private Browser web() {
        return new Browser("web", server);
    }

    private static Map<String, Object> body(String registration) {
        Map<String, Object> body = Browser.body(registration);
        body.remove("redirect_uri");
        body.put("return_uri", SignInResource.RETURN_URI);
        return body;
    }

    private static RequestSpecification browser(@Nullable Cookie cookie) {
        RequestSpecification request = given().redirects().follow(false);
        return cookie == null ? request : request.cookie(cookie.name(), cookie.value());
    }

    private static String path(URI address) {
        assertThat(address.toString()).startsWith(SignInResource.BASE + "/connect/");
        return address.getRawPath();
    }

    /** The browser opens the ticket. */
    private Gone open(Browser.Begun begun, @Nullable Cookie cookie) {
        Response answer = browser(cookie).get(path(begun.uri()));
        answer.then().statusCode(303);
        return gone(begun, answer);
    }

    private static Gone gone(Browser.Begun begun, Response answer) {
        String name = COOKIE + begun.id();
        return new Gone(URI.create(answer.header("Location")), new Cookie(name, answer.cookie(name)));
    }

    private Browser.Begun begin(Map<String, Object> body) {
        var answer = web().begin(body).statusCode(201).extract();
        return new Browser.Begun(
                answer.path("id"), URI.create(answer.path("authorization_uri")), answer.path("state"), "");
    }

    private String query(Gone gone, Map<String, String> parameters) {
        var all = new LinkedHashMap<String, String>();
        all.put("state", server.codes().parameters(gone.uri()).get("state"));
        all.put("iss", server.issuer().toString());
        all.putAll(parameters);
        all.values().removeIf(String::isEmpty);
        return AuthorizationCodes.query(all);
    }

    private String consent(Gone gone, String user) {
        return query(gone, Map.of("code", server.codes().issue(user, gone.uri())));
    }

    private static Response back(String registration, String query, @Nullable Cookie cookie) {
        return browser(cookie).urlEncodingEnabled(false).get("/connect/" + registration + "/callback?" + query);
    }

    private static String returned(Response answer, String name) {
        answer.then().statusCode(303);
        String location = answer.header("Location");
        assertThat(location).startsWith(SignInResource.RETURN_URI + "?authorization=");
        return location.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    private ValidatableResponse confirm(Browser caller, Browser.Begun begun, String confirmation, Object subject) {
        return caller.post(
                        "/v1/authorizations/" + begun.id() + "/confirmation",
                        Map.of("confirmation", confirmation, "subject", subject))
                .then();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openid", "plain", "pushed"})
    @DisplayName("H13: the code is spent only once the caller has confirmed")
    void keepsTheSessionOnceItIsConfirmed(String registration) {
        Map<String, Object> body = body(registration);
        Browser.Begun begun = begin(body);
        assertThat(begun.state()).isNull();
        Gone gone = open(begun, null);
        int requests = server.ledger().tokenRequests();
        String confirmation = returned(back(registration, consent(gone, "alice"), gone.cookie()), "confirmation");
        web().show(begun).body("status", equalTo("awaiting_confirmation"));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        String session = confirm(web(), begun, confirmation, body.get("subject"))
                .statusCode(201)
                .body("status", equalTo("ACTIVE"))
                .extract()
                .path("id");
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
        confirm(web(), begun, confirmation, body.get("subject")).statusCode(201).body("id", equalTo(session));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests + 1);
    }

    @Test
    @DisplayName("H12: the authorization server posts a form")
    void takesAPostedForm() {
        Map<String, Object> body = body("posted");
        Browser.Begun begun = begin(body);
        Response opened = browser(null).get(path(begun.uri()));
        assertThat(opened.header("Set-Cookie")).contains("SameSite=None", "Secure", "HttpOnly", "Path=/");
        Gone gone = gone(begun, opened);
        Response answer = browser(gone.cookie())
                .contentType("application/x-www-form-urlencoded")
                .body(consent(gone, "alice"))
                .post("/connect/posted/callback");
        confirm(web(), begun, returned(answer, "confirmation"), body.get("subject"))
                .statusCode(201);
    }

    @Test
    @DisplayName("H10: opening the link again pushes again, and the browser goes on")
    void opensTheLinkAgain() {
        Map<String, Object> body = body("pushed");
        Browser.Begun begun = begin(body);
        Gone first = open(begun, null);
        Gone again = open(begun, first.cookie());
        assertThat(again.uri()).isNotEqualTo(first.uri());
        assertThat(again.cookie()).isEqualTo(first.cookie());
        stopped(() -> back("pushed", consent(first, "alice"), first.cookie()));
        confirm(
                        web(),
                        begun,
                        returned(back("pushed", consent(again, "alice"), again.cookie()), "confirmation"),
                        body.get("subject"))
                .statusCode(201);
    }

    @Test
    @DisplayName("K21: an error goes to the caller, and the user can go on")
    void anErrorGoesToTheCaller() {
        Map<String, Object> body = body("openid");
        Browser.Begun begun = begin(body);
        Gone gone = open(begun, null);
        assertThat(returned(back("openid", query(gone, Map.of("error", "access_denied")), gone.cookie()), "error"))
                .isEqualTo("access_denied");
        web().show(begun).body("status", equalTo("pending")).body("error", equalTo("access_denied"));
        confirm(
                        web(),
                        begun,
                        returned(back("openid", consent(gone, "alice"), gone.cookie()), "confirmation"),
                        body.get("subject"))
                .statusCode(201);
    }

    /** A page without scripts that quotes nothing, and no token request. */
    private void stopped(Supplier<Response> request) {
        int requests = server.ledger().tokenRequests();
        Response answer = request.get();
        answer.then().statusCode(400).contentType("text/html");
        assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.asString()).contains("Reference: ").doesNotContain("<script", "code-", "state");
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    @DisplayName("H13, K2: a victim follows an attacker's link and consents: no token is ever asked for")
    void aVictimFollowsAnAttackersLink() {
        Map<String, Object> mallorys = body("openid");
        mallorys.put("subject", "mallory");
        Browser.Begun begun = begin(mallorys);
        Gone victim = open(begun, null);
        int requests = server.ledger().tokenRequests();
        String confirmation = returned(back("openid", consent(victim, "victim"), victim.cookie()), "confirmation");
        // The victim's browser is at the caller now, where the victim is signed in, and not mallory.
        confirm(web(), begun, confirmation, "victim")
                .statusCode(400)
                .body("type", equalTo("urn:tokenkeep:problem:callback-refused"))
                .body("code", equalTo("other_subject_signed_in"));
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    @DisplayName("H14, K2: an attacker's code in a victim's browser")
    void anAttackersCodeInAVictimsBrowser() {
        Browser.Begun mallorys = begin(body("openid"));
        Gone mallory = open(mallorys, null);
        Gone victim = open(begin(body("openid")), null);
        String callback = consent(mallory, "mallory");
        stopped(() -> back("openid", callback, victim.cookie()));
        stopped(() -> back("openid", callback, null));
        stopped(() -> back("openid", callback, new Cookie(mallory.cookie().name(), "A".repeat(43))));
        stopped(() -> back(
                "openid",
                callback,
                new Cookie(mallory.cookie().name(), victim.cookie().value())));
        returned(back("openid", callback, mallory.cookie()), "confirmation");
    }

    @ParameterizedTest
    @CsvSource({"state, x", "state, ''", "iss, ''", "iss, https://evil.example", "code, ''"})
    @DisplayName("H2, H3: a forged callback leaves the sign-in usable")
    void aForgedCallback(String name, String value) {
        Gone gone = open(begin(body("openid")), null);
        var forged = new LinkedHashMap<String, String>(Map.of("code", "code-forged"));
        forged.put(name, value);
        stopped(() -> back("openid", query(gone, forged), gone.cookie()));
        returned(back("openid", consent(gone, "alice"), gone.cookie()), "confirmation");
    }

    @Test
    @DisplayName("H4, H24: the response came to another registration's callback")
    void anotherRegistrationsCallback() {
        Gone gone = open(begin(body("openid")), null);
        stopped(() -> back("plain", consent(gone, "alice"), gone.cookie()));
    }

    @Test
    @DisplayName("H6: a callback that comes again, because its answer was lost, gives another confirmation")
    void aCallbackThatComesAgain() {
        Map<String, Object> body = body("openid");
        Browser.Begun begun = begin(body);
        Gone gone = open(begun, null);
        String callback = consent(gone, "alice");
        String first = returned(back("openid", callback, gone.cookie()), "confirmation");
        String again = returned(back("openid", callback, gone.cookie()), "confirmation");
        assertThat(again).isNotEqualTo(first);
        stopped(() -> back("openid", consent(gone, "mallory"), gone.cookie()));
        stopped(() -> back("openid", query(gone, Map.of("error", "access_denied")), gone.cookie()));
        confirm(web(), begun, first, body.get("subject")).statusCode(400);
        confirm(web(), begun, again, body.get("subject")).statusCode(201);
        stopped(() -> back("openid", callback, gone.cookie()));
    }

    @Test
    @DisplayName("K20: a link is opened only so often, for each time a request may be pushed")
    void aLinkIsOpenedOnlySoOften() {
        Browser.Begun begun = web().begun(body("pushed"));
        for (int opening = 0; opening < 20; opening++) {
            browser(null).get(path(begun.uri())).then().statusCode(303);
        }
        browser(null).get(path(begun.uri())).then().statusCode(400);
    }

    @Test
    @DisplayName("H2: a code that comes back while the link is opened again is not kept with the new verifier")
    void aCodeOfTheOpeningBeforeIsNotKept() {
        Browser.Begun begun = web().begun(body("openid"));
        Gone gone = open(begun, null);
        Secret state = Secret.of(server.codes().parameters(gone.uri()).get("state"));
        open(begun, gone.cookie());
        assertThat(hosted.keep(begun.id(), state, Secret.of("code-1"), Secret.of("confirmation-1")))
                .isFalse();
    }

    @Test
    @DisplayName("K20: a form that is posted to the callback is read no further than a callback can be long")
    void aLongFormIsNotReadToItsEnd() throws Exception {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /connect/openid/callback HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(US_ASCII));
            byte[] chunk = ("4000\r\n" + "a".repeat(0x4000) + "\r\n").getBytes(US_ASCII);
            out.write(chunk);
            out.write(chunk);
            // There is no last chunk, so only an answer to what has come can arrive.
            out.flush();
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            assertThat(in.readLine()).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    @DisplayName("H14: one browser has two sign-ins under way, and neither takes the other's cookie")
    void twoSignInsInOneBrowser() {
        Gone posted = open(begin(body("posted")), null);
        Gone other = open(begin(body("openid")), null);
        assertThat(posted.cookie().name()).isNotEqualTo(other.cookie().name());
        returned(back("posted", consent(posted, "alice"), posted.cookie()), "confirmation");
        returned(back("openid", consent(other, "alice"), other.cookie()), "confirmation");
    }

    @Test
    @DisplayName("H13, K1: what is not confirmed in time is dropped, and nothing of it is kept")
    void whatIsNotConfirmedIsDropped() {
        Map<String, Object> body = body("openid");
        Browser.Begun begun = begin(body);
        Gone gone = open(begun, null);
        String confirmation = returned(back("openid", consent(gone, "alice"), gone.cookie()), "confirmation");
        int requests = server.ledger().tokenRequests();
        sql().execute("update tokenkeep_authorization set expires_at = now() where id = '" + begun.id() + "'");
        confirm(web(), begun, confirmation, body.get("subject"))
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:authorization-over"))
                .body("code", equalTo("expired"));
        web().show(begun).body("status", equalTo("expired"));
        purge.purge(Duration.ofDays(1), 100);
        assertThat(sql().select("select status from tokenkeep_authorization where id = '" + begun.id()
                        + "' and code is null and verifier is null and nonce is null"))
                .isEqualTo("EXPIRED");
        sql().execute("update tokenkeep_authorization set ended_at = now() - interval '25 hours' where id = '"
                + begun.id() + "'");
        purge.purge(Duration.ofDays(1), 100);
        web().show(begun).statusCode(404);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    @DisplayName("K1: a sign-in that is over keeps no secret")
    void keepsNoSecretOnceItIsOver() {
        Map<String, Object> body = body("openid");
        Browser.Begun begun = begin(body);
        Gone gone = open(begun, null);
        String confirmation = returned(back("openid", consent(gone, "alice"), gone.cookie()), "confirmation");
        assertThat(sql().select("select code is not null from tokenkeep_authorization where id = '" + begun.id() + "'"))
                .isEqualTo("t");
        confirm(web(), begun, confirmation, body.get("subject")).statusCode(201);
        assertThat(sql().select(
                                "select code is null and verifier is null and nonce is null from tokenkeep_authorization"
                                        + " where id = '" + begun.id() + "'"))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "<script>alert(1)</script>"})
    void aTicketThatIsNobodys(String ticket) {
        stopped(() -> browser(null).get("/connect/{ticket}", ticket));
    }

    @Test
    @DisplayName("K11: a confirmation of another caller, of another sign-in, or a guessed one")
    void confirmationsThatAreWrong() {
        Map<String, Object> body = body("openid");
        Browser.Begun begun = begin(body);
        Gone gone = open(begun, null);
        String confirmation = returned(back("openid", consent(gone, "alice"), gone.cookie()), "confirmation");
        confirm(new Browser("rival", server), begun, confirmation, body.get("subject"))
                .statusCode(404);
        confirm(web(), begin(body), confirmation, body.get("subject"))
                .statusCode(400)
                .body("code", equalTo("confirmation_mismatch"));
        confirm(web(), begun, "A".repeat(43), body.get("subject"))
                .statusCode(400)
                .body("code", equalTo("confirmation_mismatch"));
        web().complete(begun, SignInResource.REDIRECT_URI + "&code=x&state=y")
                .statusCode(400)
                .body("code", equalTo("hosted_callback"));
        confirm(web(), begun, confirmation, body.get("subject")).statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://web.example/signed-in/",
                "https://web.example/signed-in?x",
                "https://web.example.evil.example/signed-in",
                "//evil.example"
            })
    @DisplayName("K9: no open redirector")
    void aReturnUriThatIsNotConfigured(String uri) {
        Map<String, Object> body = body("openid");
        body.put("return_uri", uri);
        web().begin(body).statusCode(400).body("member", equalTo("return_uri"));
        body.remove("return_uri");
        web().begin(body).statusCode(400).body("member", equalTo("redirect_uri"));
    }

    /** So an authorization server knows a client that nobody has registered there. */
    @Test
    void publishesTheMetadataOfAClientWhoseIdIsTheirAddress() {
        given().get("/connect/published/client")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "public, max-age=300")
                .body("client_id", equalTo(SignInResource.BASE + "/connect/published/client"))
                .body("redirect_uris", equalTo(List.of(SignInResource.BASE + "/connect/published/callback")))
                .body("grant_types", equalTo(List.of("authorization_code", "refresh_token")))
                .body("token_endpoint_auth_method", equalTo("none"))
                .body("scope", equalTo("openid offline_access"))
                .body("dpop_bound_access_tokens", equalTo(true))
                .body("$", not(hasKey("jwks_uri")));
        given().get("/connect/openid/client")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:not-found"));
    }
}
