package dev.tokenkeep.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.ForeignProcess;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.testing.TestCertificate;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** End to end against a real Keycloak that lets each refresh token be used once, and revokes the session otherwise. */
class KeycloakIT {

    private static final int SESSIONS = 50;
    private static final int REFRESHES = 3;

    private static final String REDIRECT_URI = "http://127.0.0.1/callback";
    private static final String RETURN_URI = "https://orders.example/signed-in";
    /** A proxy's address. The test's browser takes what comes there to the application itself. */
    private static final String BASE = "https://tokenkeep.example";

    private static final PemKeys KEYS =
            PemKeys.of("first", PemKeys.pair("P-256")).add("next", PemKeys.pair("P-256"));

    private static final Duration REPLACED = Duration.ofSeconds(60);
    private static final String NEXT_SECRET = "another secret of more than 32 bytes, as HS256 needs";

    private static Keycloak keycloak;
    private static TestCertificate next;
    private static Path own;
    private static PackagedApplication application;

    @BeforeAll
    static void start() throws Exception {
        TestCertificate certificate = TestCertificate.valid();
        int port = ForeignProcess.freePort();
        next = TestCertificate.valid();
        own = Files.createTempDirectory("client-of-keycloak");
        keycloak = Keycloak.launch("http://127.0.0.1:" + port, certificate, next);
        var environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        clients(environment);
        for (String name : List.of("KEYCLOAK", "PUSHED")) {
            String prefix = "TOKENKEEP_REGISTRATIONS_" + name + "_";
            environment.put(prefix + "ISSUER", keycloak.issuer().toString());
            environment.put(prefix + "CLIENT_ID", Keycloak.CLIENT_ID);
            environment.put(prefix + "CLIENT_SECRET", Keycloak.CLIENT_SECRET);
            environment.put(prefix + "SCOPE", "openid");
        }
        environment.put("TOKENKEEP_REGISTRATIONS_PUSHED_PUSHED_AUTHORIZATION", "true");
        environment.put(
                "TOKENKEEP_CALLERS_IT_REGISTRATIONS",
                "keycloak,pushed,signing,basic,post,hmac,x509,mobile,registered-*");
        environment.put(
                "TOKENKEEP_CALLERS_IT_PERMISSIONS",
                "tokens:read,sessions:read,sessions:write,sessions:admin,registrations:admin");
        environment.put("TOKENKEEP_OUTBOUND_ALLOWED_NETWORKS", "127.0.0.1/32");
        environment.put("TOKENKEEP_CALLERS_IT_REDIRECT_URIS", REDIRECT_URI);
        environment.put("TOKENKEEP_CALLERS_IT_RETURN_URIS", RETURN_URI);
        environment.put("TOKENKEEP_CONNECT_BASE_URL", BASE);
        environment.put(
                "TOKENKEEP_REGISTRATIONS_KEYCLOAK_GRANTS",
                "client_credentials,urn:ietf:params:oauth:grant-type:token-exchange");
        environment.put("TOKENKEEP_REGISTRATIONS_KEYCLOAK_REQUIRE_REFRESH_TOKEN", "false");
        environment.put("TOKENKEEP_REGISTRATIONS_KEYCLOAK_TARGETS_NARROW_SCOPE", "openid email");
        environment.put("TOKENKEEP_REGISTRATIONS_KEYCLOAK_TARGETS_EXCHANGED_VIA", "token_exchange");
        environment.put("TOKENKEEP_REGISTRATIONS_KEYCLOAK_TARGETS_EXCHANGED_SCOPE", "email");
        environment.put("TOKENKEEP_REGISTRATIONS_KEYCLOAK_TARGETS_NOBODY_VIA", "token_exchange");
        environment.put("TOKENKEEP_REGISTRATIONS_KEYCLOAK_TARGETS_NOBODY_AUDIENCE", "no-such-client");
        environment.put("TOKENKEEP_REFRESH_MARGIN_FRACTION", "0.4");
        String token = CallerKeys.token("sub-it");
        application = PackagedApplication.launch(environment, tls(certificate), () -> token);
        application.awaitReady();
        keycloak.awaitReady();
    }

    /** One for each method of client authentication. */
    private static void clients(Map<String, String> environment) throws IOException {
        String registrations = "TOKENKEEP_REGISTRATIONS_";
        environment.put(registrations + "SIGNING_ISSUER", keycloak.issuer().toString());
        environment.put(registrations + "SIGNING_CLIENT_ID", "tokenkeep-signing");
        environment.put(registrations + "SIGNING_CLIENT_AUTHENTICATION", "private_key_jwt");
        environment.put(registrations + "SIGNING_CLIENT_KEYS", KEYS.directory().toString());
        for (String method : List.of("basic", "post", "jwt")) {
            String name = method.equals("jwt") ? "HMAC" : method.toUpperCase(Locale.ROOT);
            String client = method.equals("jwt") ? "tokenkeep-hmac" : "tokenkeep-secret";
            Path secret =
                    Files.writeString(own.resolve(client), "a secret of more than 32 bytes, as HS256 needs", UTF_8);
            environment.put(registrations + name + "_ISSUER", keycloak.issuer().toString());
            environment.put(registrations + name + "_CLIENT_ID", client);
            environment.put(registrations + name + "_CLIENT_AUTHENTICATION", "client_secret_" + method);
            environment.put(registrations + name + "_CLIENT_SECRET_FILE", secret.toString());
        }
        environment.put(registrations + "MOBILE_ISSUER", keycloak.issuer().toString());
        environment.put(registrations + "MOBILE_CLIENT_ID", "tokenkeep-mobile");
        environment.put(registrations + "MOBILE_CLIENT_AUTHENTICATION", "none");
        environment.put(registrations + "MOBILE_SCOPE", "openid");
        environment.put(registrations + "MOBILE_DPOP", "true");
        environment.put(
                registrations + "X509_AUTHORIZATION_ENDPOINT", keycloak.issuer() + "/protocol/openid-connect/auth");
        environment.put(registrations + "X509_TOKEN_ENDPOINT", keycloak.secure("/token"));
        environment.put(registrations + "X509_CLIENT_ID", "tokenkeep-x509");
        environment.put(registrations + "X509_CLIENT_AUTHENTICATION", "tls_client_auth");
        environment.put(registrations + "X509_TLS_CONFIGURATION", "keycloak");
    }

    private static List<String> tls(TestCertificate certificate) throws Exception {
        Path server = Files.writeString(own.resolve("server.crt"), certificate.pem());
        show(certificate);
        return List.of(
                "-Xmx512m",
                "-Dquarkus.tls.keycloak.key-store.pem.0.cert=" + own.resolve("tls.crt"),
                "-Dquarkus.tls.keycloak.key-store.pem.0.key=" + own.resolve("tls.key"),
                "-Dquarkus.tls.keycloak.reload-period=30s",
                "-Dquarkus.tls.keycloak.trust-store.pem.certs=" + server);
    }

    private static void show(TestCertificate certificate) throws Exception {
        Files.writeString(own.resolve("tls.key"), certificate.keyPem());
        Files.writeString(own.resolve("tls.crt"), certificate.pem());
    }

    @AfterAll
    static void stop() {
        application.close();
        keycloak.close();
    }

    @Test
    void keepsFiftySessionsAliveUnderStrictRotation() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < SESSIONS; i++) {
            ids.add(application.register("keycloak", "fifty", keycloak.signIn()));
        }
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    ids.forEach(KeycloakIT::readsAnActiveToken);
                    return sessions().stream()
                            .allMatch(session -> session.get("version").longValue() > REFRESHES);
                });
        assertThat(sessions()).hasSize(SESSIONS).allSatisfy(session -> {
            assertThat(session.get("status").textValue()).isEqualTo("ACTIVE");
            assertThat(session.has("failure")).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "pushed"})
    void signsAUserInByKeycloaksOwnForm(String registration) {
        readsAnActiveToken(signedIn(registration));
    }

    /** By the caller's own callback. Returns the session. */
    private static String signedIn(String registration) {
        JsonNode begun = Json.of(application
                .post("/v1/authorizations", """
                        {"registration": "%s", "subject": "alice", "redirect_uri": "%s"}""".formatted(registration, REDIRECT_URI))
                .body());
        String callback =
                keycloak.signIn(URI.create(begun.get("authorization_uri").textValue()), "alice");
        var completed = application.post(
                "/v1/authorizations/" + begun.get("id").textValue() + "/completion",
                "{\"callback\": \"" + callback + "\"}");
        assertThat(completed.statusCode()).as(completed.body()).isEqualTo(201);
        return Json.of(completed.body()).get("id").textValue();
    }

    @Test
    void replacesTheKeyOfAClientThatSigns() {
        String id = signedIn("signing");
        refreshes(id);
        KEYS.primary("next");
        await().atMost(REPLACED).until(() -> {
            refreshes(id);
            return application.log().contains("Registration signing: replaced");
        });
        refreshes(id);
    }

    /** Keycloak has one secret at a time: what is sent between the two changes is refused, and tried again. */
    @ParameterizedTest
    @CsvSource({"tokenkeep-secret, basic, post", "tokenkeep-hmac, hmac, hmac"})
    void replacesTheSecretOfAClient(String client, String one, String other) throws Exception {
        List<String> sessions = List.of(signedIn(one), signedIn(other));
        sessions.forEach(KeycloakIT::refreshes);
        keycloak.replaceSecret(client, NEXT_SECRET);
        Files.writeString(own.resolve(client), NEXT_SECRET, UTF_8);
        sessions.forEach(id -> await().atMost(REPLACED)
                .pollInterval(Duration.ofSeconds(1))
                .until(() ->
                        application.post("/v1/sessions/" + id + "/refresh", "").statusCode() == 200));
        sessions.forEach(KeycloakIT::refreshes);
    }

    @Test
    @DisplayName("G23, G25: a new certificate is shown, and access tokens are bound to it")
    void replacesTheCertificateOfAClient() throws Exception {
        String former = signedIn("x509");
        refreshes(former);
        boundTo(former);
        show(next);
        // Keycloak binds refresh tokens too, which RFC 8705 asks of public clients alone: this session waits for its
        // certificate,
        // and has no access token once its last one has expired.
        await().atMost(REPLACED.multipliedBy(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> application
                                .get("/v1/sessions/" + former + "/access-token")
                                .statusCode()
                        == 503);
        assertThat(Json.of(application.get("/v1/sessions/" + former).body())
                        .get("status")
                        .textValue())
                .isEqualTo("ACTIVE");

        String latter = signedIn("x509");
        byte[] thumbprint =
                MessageDigest.getInstance("SHA-256").digest(next.certificate().getEncoded());
        assertThat(boundTo(latter))
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(thumbprint));
        refreshes(latter);
    }

    private static String boundTo(String id) {
        var answer = application.get("/v1/sessions/" + id + "/access-token");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer.body()).get("cnf").get("x5t#S256").textValue();
    }

    @Test
    @DisplayName("G11, I16: a public client whose refresh and access tokens are bound to a key")
    void presentsATokenThatIsBoundToAKey() {
        String id = signedIn("mobile");
        refreshes(id);
        refreshes(id);
        URI userInfo = URI.create(keycloak.issuer() + "/protocol/openid-connect/userinfo");
        var answer = application.post(
                "/v1/sessions/" + id + "/dpop-proof", "{\"method\": \"GET\", \"uri\": \"" + userInfo + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String proof = Json.of(answer.body()).get("proof").textValue();
        String token = Json.of(answer.body()).get("token").get("access_token").textValue();

        assertThat(Keycloak.status(userInfo, "DPoP " + token, proof)).isEqualTo(200);
        assertThat(Keycloak.status(userInfo, "DPoP " + token, proof))
                .as("the same proof again")
                .isEqualTo(401);
        assertThat(Keycloak.status(userInfo, "Bearer " + token, null))
                .as("a thief")
                .isEqualTo(401);
    }

    private static void refreshes(String id) {
        var refreshed = application.post("/v1/sessions/" + id + "/refresh", "");
        assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
    }

    @Test
    void signsAUserInByTheHostedCallback() {
        readsAnActiveToken(signedInByTheHostedCallback("keycloak"));
    }

    @Test
    @DisplayName("RFC 7591: a client that Keycloak registers when it is asked to")
    void registersAClient() {
        var added = registered("registered-1", keycloak.initialAccessToken());
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        String id = signedInByTheHostedCallback("registered-1");
        refreshes(id);
        refreshes(id);
        var forged = registered("registered-2", "forged");
        assertThat(forged.statusCode()).as(forged.body()).isEqualTo(400);
        assertThat(Json.of(forged.body()).get("code").textValue()).isEqualTo("invalid_token");
    }

    private static HttpResponse<String> registered(String registration, String initialAccessToken) {
        return application.put(
                "/v1/registrations/" + registration, """
                {"settings": {"issuer": "%s", "scope": "openid"}, "register_client": {"initial_access_token": "%s"}}""".formatted(keycloak.issuer(), initialAccessToken));
    }

    /** Returns the session. */
    private static String signedInByTheHostedCallback(String registration) {
        JsonNode begun = begun(registration, "\"return_uri\": \"" + RETURN_URI + "\"");
        var browser = new Keycloak.Browser(BASE, application.url("").toString());
        String callback = keycloak.signIn(
                browser,
                browser.location(URI.create(begun.get("authorization_uri").textValue())),
                "alice");
        String returned = browser.location(URI.create(callback)).toString();
        assertThat(returned).startsWith(RETURN_URI + "?").contains("confirmation=");
        var confirmed = application.post(
                "/v1/authorizations/" + begun.get("id").textValue() + "/confirmation",
                "{\"confirmation\": \"" + returned.replaceFirst(".*confirmation=([^&]+).*", "$1")
                        + "\", \"subject\": \"alice\"}");
        assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(201);
        return Json.of(confirmed.body()).get("id").textValue();
    }

    @Test
    void signsAUserInByAUserCode() {
        JsonNode begun = begun("keycloak", "\"flow\": \"device_code\"");
        keycloak.enter(
                URI.create(begun.get("verification_uri").textValue()),
                begun.get("user_code").textValue(),
                "alice");
        JsonNode shown = Json.of(application
                .get("/v1/authorizations/" + begun.get("id").textValue() + "?wait=30")
                .body());
        assertThat(shown.get("status").textValue()).as(shown.toString()).isEqualTo("completed");
        readsAnActiveToken(shown.get("session").textValue());
    }

    @Test
    void keepsTokensOfTheClientItself() {
        String body = """
                {"registration": "keycloak", "subject": "report", "grant": {"type": "client_credentials", "scope": "openid"}}""";
        String id =
                Json.of(application.post("/v1/sessions", body).body()).get("id").textValue();
        readsAnActiveToken(id);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            readsAnActiveToken(id);
            return version(id) > REFRESHES;
        });
        var again = application.post("/v1/sessions", body);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(Json.of(again.body()).get("id").textValue()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"access_token, none", "refresh_token, refresh_token"})
    void exchangesATokenOfElsewhere(String requested, String grant) {
        String incoming = Json.of(keycloak.signIn()).get("access_token").textValue();
        var exchanged = application.post("/v1/sessions", """
                {"registration": "keycloak", "subject": "alice", "grant": {
                  "type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": "%s",
                  "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                  "requested_token_type": "urn:ietf:params:oauth:token-type:%s"}}""".formatted(incoming, requested));
        assertThat(exchanged.statusCode()).as(exchanged.body()).isEqualTo(201);
        JsonNode session = Json.of(exchanged.body());
        assertThat(session.get("grant").textValue()).isEqualTo(grant);
        readsAnActiveToken(session.get("id").textValue());
    }

    @Test
    @DisplayName("G14, G15: access tokens for targets, by a refresh and by an exchange")
    void givesAccessTokensForTargets() {
        String id = application.register("keycloak", "targets", keycloak.signIn());
        JsonNode own = claims(read(id, ""));
        JsonNode narrow = claims(read(id, "?target=narrow"));
        JsonNode exchanged = claims(read(id, "?target=exchanged"));

        assertThat(own.get("scope").textValue()).contains("profile");
        // Keycloak adds the default scopes of the client.
        assertThat(narrow.get("scope").textValue()).contains("email");
        assertThat(exchanged.get("sub")).isEqualTo(own.get("sub"));
        assertThat(List.of(own, narrow, exchanged).stream()
                        .map(claims -> claims.get("jti").textValue()))
                .doesNotHaveDuplicates();
        var refused = application.get("/v1/sessions/" + id + "/access-token?target=nobody");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(Json.of(refused.body()).get("type").textValue()).isEqualTo("urn:tokenkeep:problem:target-refused");
        // The grant is as wide as it was.
        assertThat(application.post("/v1/sessions/" + id + "/refresh", "{}").statusCode())
                .isEqualTo(200);
        assertThat(claims(read(id, "")).get("scope").textValue()).contains("profile");
    }

    private static String read(String id, String query) {
        var answer = application.get("/v1/sessions/" + id + "/access-token" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer.body()).get("access_token").textValue();
    }

    private static JsonNode claims(String jwt) {
        return Json.of(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), UTF_8));
    }

    private static JsonNode begun(String registration, String member) {
        var begun = application.post(
                "/v1/authorizations",
                "{\"registration\": \"" + registration + "\", \"subject\": \"alice\", " + member + "}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        return Json.of(begun.body());
    }

    private static long version(String id) {
        return Json.of(application.get("/v1/sessions/" + id).body())
                .get("version")
                .longValue();
    }

    private static void readsAnActiveToken(String id) {
        var answer = application.accessToken(id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(keycloak.isActive(Json.of(answer.body()).get("access_token").textValue()))
                .isTrue();
    }

    private static List<JsonNode> sessions() {
        var sessions = new ArrayList<JsonNode>();
        Json.of(application.get("/v1/sessions?subject=fifty&limit=500").body())
                .get("items")
                .forEach(sessions::add);
        return sessions;
    }
}
