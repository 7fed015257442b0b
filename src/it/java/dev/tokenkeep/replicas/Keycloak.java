package dev.tokenkeep.replicas;

import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.ForeignProcess;
import dev.tokenkeep.testing.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A real Keycloak, with a realm that lets each refresh token be used once. */
final class Keycloak implements AutoCloseable {

    static final String CLIENT_ID = "tokenkeep-test";
    static final String CLIENT_SECRET = "keycloak-test-secret";

    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final String ADMIN = "admin";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int port;
    private final int securePort;

    private Keycloak(Process process, Path log, int port, int securePort) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.securePort = securePort;
    }

    /**
     * Begins to start it.
     *
     * @param application where it finds the keys of its client {@code tokenkeep-signing}
     * @param certificate its own, and that of its client {@code tokenkeep-x509}
     * @param next the next one of that client
     */
    static Keycloak launch(String application, TestCertificate certificate, TestCertificate next) {
        Path home = Path.of(System.getProperty("tokenkeep.it.keycloak"));
        try {
            Path imported = Files.createDirectories(home.resolve("data/import"));
            try (var realm = Keycloak.class.getResourceAsStream("/keycloak/tokenkeep-realm.json")) {
                String text = new String(realm.readAllBytes(), StandardCharsets.UTF_8);
                Files.writeString(imported.resolve("tokenkeep-realm.json"), text.replace("@APPLICATION@", application));
            }
            Path tls = Files.createTempDirectory("keycloak-tls");
            Path own = Files.writeString(tls.resolve("tls.crt"), certificate.pem());
            Path key = Files.writeString(tls.resolve("tls.key"), certificate.keyPem());
            Path trusted = Files.writeString(tls.resolve("next.crt"), next.pem());
            int securePort = ForeignProcess.freePort();
            int port = ForeignProcess.freePort();
            int management = ForeignProcess.freePort();
            Path log = Files.createDirectories(Path.of("target", "it-logs")).resolve("keycloak.log");
            var builder = new ProcessBuilder(
                            "/bin/sh",
                            home.resolve("bin/kc.sh").toString(),
                            "start-dev",
                            "--db=dev-mem",
                            "--import-realm",
                            "--http-host=127.0.0.1",
                            "--http-port=" + port,
                            // Also what is issued over TLS is of one issuer.
                            "--hostname=http://127.0.0.1:" + port,
                            "--https-port=" + securePort,
                            "--https-certificate-file=" + own,
                            "--https-certificate-key-file=" + key,
                            "--https-client-auth=request",
                            "--truststore-paths=" + own + "," + trusted,
                            "--http-management-port=" + management)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // It runs for a minute: C2 would compile for longer than what it compiles runs.
            builder.environment().put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
            builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
            builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
            return new Keycloak(builder.start(), log, port, securePort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void awaitReady() {
        await().atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("Keycloak did not start:\n" + Files.readString(log));
                    }
                    return Files.readString(log).contains("Listening on:");
                });
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + port + "/realms/tokenkeep");
    }

    /** An endpoint by TLS, where clients can show certificates. */
    String secure(String path) {
        return "https://127.0.0.1:" + securePort + "/realms/tokenkeep/protocol/openid-connect" + path;
    }

    /** Signs a user in; the token response. */
    String signIn() {
        return post(
                "/protocol/openid-connect/token",
                Map.of("grant_type", "password", "username", "alice", "password", "alice", "scope", "openid"));
    }

    /** A user signs in with the browser's form. Returns where Keycloak sends the browser. */
    String signIn(URI authorizationUri, String user) {
        return signIn(new Browser("", ""), authorizationUri, user);
    }

    /** Does the same with a browser that has been elsewhere before. */
    String signIn(Browser browser, URI authorizationUri, String user) {
        var page = browser.open(HttpRequest.newBuilder(authorizationUri));
        if (page.statusCode() == 302) {
            // A pushed request: to the same form by a detour.
            page = browser.open(HttpRequest.newBuilder(location(page)));
        }
        return location(browser.submit(page, "username=" + user + "&password=" + user))
                .toString();
    }

    /** A user enters a user code, signs in, and consents. */
    void enter(URI verificationUri, String userCode, String user) {
        var browser = new Browser("", "");
        var login = browser.follow(
                browser.open(HttpRequest.newBuilder(URI.create(verificationUri + "?user_code=" + userCode))));
        var consent = browser.follow(browser.submit(login, "username=" + user + "&password=" + user));
        var done = browser.follow(browser.submit(consent, "accept=Yes"));
        if (!done.body().contains("Device Login Successful")) {
            throw new IllegalStateException("Not signed in: " + done.body());
        }
    }

    private static URI location(HttpResponse<String> answer) {
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IllegalStateException(answer.statusCode() + " " + answer.body())));
    }

    /** Sends its cookies itself: to the loopback address the JDK's client sends none that are Secure. */
    static final class Browser {

        private final Map<String, String> cookies = new LinkedHashMap<>();
        private final String proxied;
        private final String behind;

        /**
         * @param proxied what stands before an address of a proxy
         * @param behind what stands there instead, so that nothing but the loopback interface is asked
         */
        Browser(String proxied, String behind) {
            this.proxied = proxied;
            this.behind = behind;
        }

        /** Opens an address that leads elsewhere; where to. */
        URI location(URI address) {
            return Keycloak.location(open(HttpRequest.newBuilder(URI.create(
                    proxied.isEmpty() ? address.toString() : address.toString().replace(proxied, behind)))));
        }

        /** Follows redirects to a page. */
        HttpResponse<String> follow(HttpResponse<String> answer) {
            HttpResponse<String> page = answer;
            while (page.statusCode() == 302) {
                page = open(HttpRequest.newBuilder(Keycloak.location(page)));
            }
            return page;
        }

        HttpResponse<String> submit(HttpResponse<String> page, String form) {
            Matcher action = ACTION.matcher(page.body());
            if (!action.find()) {
                throw new IllegalStateException("No form: " + page.body());
            }
            URI target = page.uri().resolve(action.group(1).replace("&amp;", "&"));
            return open(HttpRequest.newBuilder(target)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form)));
        }

        HttpResponse<String> open(HttpRequest.Builder request) {
            if (!cookies.isEmpty()) {
                request.header("Cookie", String.join("; ", cookies.values()));
            }
            var answer = send(request.build());
            for (String cookie : answer.headers().allValues("Set-Cookie")) {
                cookies.put(cookie.substring(0, cookie.indexOf('=')), cookie.substring(0, cookie.indexOf(';')));
            }
            return answer;
        }
    }

    boolean isActive(String accessToken) {
        String answer = post("/protocol/openid-connect/token/introspect", Map.of("token", accessToken));
        return Json.of(answer).get("active").booleanValue();
    }

    /** Its administrator gives a client another secret. */
    void replaceSecret(String clientId, String secret) {
        String id = Json.of(succeeded(asAdministrator("/clients?clientId=" + clientId)))
                .get(0)
                .get("id")
                .textValue();
        succeeded(asAdministrator("/clients/" + id)
                .PUT(BodyPublishers.ofString("{\"clientId\":\"" + clientId + "\",\"secret\":\"" + secret + "\"}")));
    }

    /** The status that a resource server answers to a request with these headers. */
    static int status(URI resource, String authorization, @Nullable String proof) {
        var request = HttpRequest.newBuilder(resource).header("Authorization", authorization);
        if (proof != null) {
            request.header("DPoP", proof);
        }
        return send(request.build()).statusCode();
    }

    /** A token with which one client can be registered. */
    String initialAccessToken() {
        String token = succeeded(asAdministrator("/clients-initial-access")
                .POST(BodyPublishers.ofString("{\"count\": 1, \"expiration\": 600}")));
        return Json.of(token).get("token").textValue();
    }

    private HttpRequest.Builder asAdministrator(String path) {
        String server = "http://127.0.0.1:" + port;
        String admin =
                succeeded(HttpRequest.newBuilder(URI.create(server + "/realms/master/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(
                                "grant_type=password&client_id=admin-cli&username=" + ADMIN + "&password=" + ADMIN)));
        return HttpRequest.newBuilder(URI.create(server + "/admin/realms/tokenkeep" + path))
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Bearer " + Json.of(admin).get("access_token").textValue());
    }

    private String post(String path, Map<String, String> parameters) {
        String form = parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return succeeded(HttpRequest.newBuilder(URI.create(issuer() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form + "&client_id=" + CLIENT_ID + "&client_secret=" + CLIENT_SECRET)));
    }

    private static String succeeded(HttpRequest.Builder request) {
        var answer = send(request.build());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // kc.sh runs Keycloak as a child of its own.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
