package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenkeep.http.OutboundProxy;
import dev.tokenkeep.http.ProxyChoice;
import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.BasicCredentials;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.Dpop;
import dev.tokenkeep.registration.RefreshTokenLifetimes;
import dev.tokenkeep.registration.RotationPolicy;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.settings.RateLimit;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredRegistrationsTest {

    private static final String AUTH0 = "tokenkeep.registrations.auth0.";

    @TempDir
    private Path directory;

    @Test
    void needsLittleAndDefaultsToTheSafeSide() {
        assertThat(auth0(valid()))
                .isEqualTo(new ClientRegistration(
                        "auth0",
                        new ClientRegistration.Server(
                                null,
                                URI.create("https://as.example/oauth/token?x=1"),
                                null,
                                null,
                                null,
                                null,
                                null,
                                ClientRegistration.Origin.OPERATOR),
                        new ClientRegistration.Client(
                                "client-1",
                                "client_id",
                                Secret.of("geheim"),
                                ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
                                BasicCredentials.ENCODED,
                                null),
                        new ClientRegistration.TokenRequests(
                                RequestFormat.FORM, ResponseShape.STANDARD, Map.of(), Map.of(), Set.of()),
                        new ClientRegistration.Limits(32, null, null, null),
                        new ClientRegistration.RefreshTokens(
                                RotationPolicy.STRICT, RefreshTokenLifetimes.UNKNOWN, true, true, null),
                        new ClientRegistration.AccessTokens(Duration.ofMinutes(5), Dpop.OFF, null, Map.of()),
                        new ClientRegistration.SignIn(
                                null,
                                null,
                                null,
                                null,
                                false,
                                null,
                                Map.of(),
                                Set.of("prompt", "login_hint", "max_age", "acr_values", "ui_locales"))));
    }

    @Test
    void readsEverySetting() throws IOException {
        var settings = valid();
        settings.put("issuer", "https://as.example/");
        settings.put("refresh-endpoint", "https://as.example/oauth/refresh");
        settings.put("revocation-endpoint", "https://as.example/oauth/revoke");
        settings.put("jwks", "https://as.example/jwks");
        settings.put("authorization-endpoint", "https://as.example/authorize?x=1");
        settings.put("pushed-authorization-request-endpoint", "https://as.example/par");
        settings.put("pushed-authorization", "true");
        settings.put("scope", "openid offline_access");
        settings.put("authorization-parameters.access_type", "offline");
        settings.put("caller-parameters", "prompt");
        settings.put("client-authentication", "client_secret_post");
        settings.put("client-id-parameter", "client_key");
        settings.put("basic-credentials", "raw");
        settings.put("rotation", "leeway");
        settings.put("rotation-leeway", "30s");
        settings.put("request-format", "json");
        settings.put("scope-separator", ",");
        settings.put("response-member", "data.tokens");
        settings.put("parameters.audience", "https://api.example");
        settings.put("headers.X-Gateway-Key", "k-1");
        settings.put("max-concurrency", "4");
        settings.put("rate-limit", "100/1m");
        settings.put("timeout", "2s");
        settings.put("hard-cap", "20S");
        settings.put("default-expires-in", "PT1H");
        settings.put("refresh-token-lifetime", "30D");
        settings.put("refresh-token-inactivity-lifetime", "15D");
        settings.put("expected-audience", "https://api.example");
        settings.put("tls-configuration", "private");
        settings.put("proxy", "proxy.example:3128");
        settings.put("proxy-credentials-file", file("user:ge:heim\n"));
        settings.put("device-authorization-endpoint", "https://as.example/device");
        settings.put("verification-uri-complete", "true");
        settings.put("revoke-replaced", "false");
        settings.put("require-refresh-token", "false");
        settings.put("grants", "client_credentials");

        assertThat(auth0(settings))
                .isEqualTo(new ClientRegistration(
                        "auth0",
                        new ClientRegistration.Server(
                                URI.create("https://as.example/"),
                                URI.create("https://as.example/oauth/token?x=1"),
                                URI.create("https://as.example/oauth/refresh"),
                                URI.create("https://as.example/oauth/revoke"),
                                URI.create("https://as.example/jwks"),
                                "private",
                                new ProxyChoice(new OutboundProxy("proxy.example", 3128, "user", Secret.of("ge:heim"))),
                                ClientRegistration.Origin.OPERATOR),
                        new ClientRegistration.Client(
                                "client-1",
                                "client_key",
                                Secret.of("geheim"),
                                ClientAuthenticationMethod.CLIENT_SECRET_POST,
                                BasicCredentials.RAW,
                                null),
                        new ClientRegistration.TokenRequests(
                                RequestFormat.JSON,
                                new ResponseShape(List.of("data", "tokens"), ","),
                                Map.of("audience", "https://api.example"),
                                Map.of("X-Gateway-Key", "k-1"),
                                Set.of(ClientGrant.CLIENT_CREDENTIALS)),
                        new ClientRegistration.Limits(
                                4,
                                new RateLimit(100, Duration.ofMinutes(1)),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(20)),
                        new ClientRegistration.RefreshTokens(
                                RotationPolicy.leeway(Duration.ofSeconds(30)),
                                new RefreshTokenLifetimes(Duration.ofDays(30), Duration.ofDays(15)),
                                false,
                                false,
                                null),
                        new ClientRegistration.AccessTokens(
                                Duration.ofHours(1), Dpop.OFF, "https://api.example", Map.of()),
                        new ClientRegistration.SignIn(
                                URI.create("https://as.example/authorize?x=1"),
                                URI.create("https://as.example/par"),
                                true,
                                URI.create("https://as.example/device"),
                                true,
                                "openid offline_access",
                                Map.of("access_type", "offline"),
                                Set.of("prompt"))));
    }

    @ParameterizedTest
    @CsvSource({"geheim, geheim", "'geheim\n', geheim", "'geheim\r\n', geheim", "' ge heim ', ' ge heim '"})
    void readsTheSecretOfAFileWithoutTheNewlineAtItsEnd(String content, String secret) throws IOException {
        var settings = valid();
        settings.remove("client-secret");
        settings.put("client-secret-file", file(content));

        assertThat(auth0(settings).client().secret()).isEqualTo(Secret.of(secret));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ",", ";", "|", "+"})
    void takesAnyOneCharacterBetweenScopes(String separator) {
        assertThat(auth0(with("scope-separator", separator)).requests().responseShape())
                .isEqualTo(new ResponseShape(List.of(), separator));
    }

    @ParameterizedTest
    @CsvSource({"100/1m, 100, PT1M", "10/1s, 10, PT1S", "100/60s, 100, PT1M", "1/PT1H, 1, PT1H"})
    void readsRateLimits(String value, int requests, Duration per) {
        assertThat(auth0(with("rate-limit", value)).limits().rateLimit()).isEqualTo(new RateLimit(requests, per));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080/token",
                "http://127.0.0.1/token",
                "http://127.255.0.9:1/token",
                "http://[::1]:8080/token",
                "https://as.example/token",
                "HTTPS://as.example:8443/token?x=1"
            })
    void sendsToHttpsOrLoopback(String address) {
        assertThat(auth0(with("token-endpoint", address)).server().tokenEndpoint())
                .isEqualTo(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://as.example/token",
                "http://127.0.0.1.as.example/token",
                "http://127.0.0.999/token",
                "http://localhost.as.example/token",
                "http://[::2]/token",
                "http://10.0.0.1/token",
                "ftp://as.example/token",
                "/token",
                "as.example/token",
                "https:token",
                "https:///token",
                "https://",
                "https://as example/token",
                "https://user:geheim@as.example/token",
                "https://as.example/token#part",
                "https://as.example:99999/token"
            })
    void refusesAddressesThatAreUnsafeOrNone(String address) {
        for (String key : List.of("token-endpoint", "refresh-endpoint", "revocation-endpoint", "issuer")) {
            assertThat(violations(with(key, address)))
                    .singleElement()
                    .asString()
                    .startsWith(AUTH0 + key + ": ")
                    .doesNotContain("geheim", address);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "client-authentication, CLIENT_SECRET_BASIC, client-authentication",
        "client-authentication, none, client-secret",
        "client-secret, , client-secret",
        "client-secret, 'a\nb', client-secret",
        "client-id, , client-id",
        "client-id, 'a\tb', client-id",
        "token-endpoint, , token-endpoint",
        "issuer, https://as.example/?x=1, issuer",
        "basic-credentials, plain, basic-credentials",
        "client-id-parameter, 'client key', client-id-parameter",
        "rotation, sometimes, rotation",
        "rotation, leeway, rotation-leeway",
        "rotation-leeway, 5s, rotation-leeway",
        "request-format, xml, request-format",
        "request-format, JSON, request-format",
        "scope-separator, ', ', scope-separator",
        "scope-separator, a, scope-separator",
        "scope-separator, 'ü', scope-separator",
        "scope-separator, '\n', scope-separator",
        "response-member, ., response-member",
        "response-member, data., response-member",
        "response-member, .data, response-member",
        "response-member, a..b, response-member",
        "response-member, 'a b', response-member",
        "max-concurrency, 0, max-concurrency",
        "max-concurrency, -3, max-concurrency",
        "max-concurrency, many, max-concurrency",
        "rate-limit, 100, rate-limit",
        "rate-limit, 0/1m, rate-limit",
        "rate-limit, 100/0s, rate-limit",
        "rate-limit, 100/soon, rate-limit",
        "timeout, 0s, timeout",
        "timeout, -5s, timeout",
        "hard-cap, soon, hard-cap",
        "default-expires-in, 0, default-expires-in",
        "revoke-replaced, perhaps, revoke-replaced",
        "require-refresh-token, perhaps, require-refresh-token",
        "grants, password, grants",
        "parameters.grant_type, password, parameters.grant_type",
        "parameters.refresh_token, x, parameters.refresh_token",
        "parameters.client_id, x, parameters.client_id",
        "parameters.client_secret, x, parameters.client_secret",
        "parameters.audience, 'a\r\nb', parameters.audience",
        "headers.Authorization, x, headers.Authorization",
        "headers.content-type, x, headers.content-type",
        "headers.HOST, x, headers.HOST",
        "headers.X-Key, 'a\r\nX-Other: b', headers.X-Key",
        "headers.X Key, a, headers.X Key",
        "client-authentication, magic, client-authentication",
        "client-keys, /keys, client-keys",
        "authorization-parameters.response_type, token, authorization-parameters.response_type",
        "authorization-parameters.request, x, authorization-parameters.request",
        "caller-parameters, response_type, caller-parameters"
    })
    @DisplayName("K4, K17: the key of what cannot be used is named; no other flow can be configured")
    void namesTheKeyOfWhatCanNotBeUsed(String key, String value, String culprit) {
        assertThat(violations(with(key, value == null ? "" : value)))
                .singleElement()
                .asString()
                .startsWith(AUTH0 + culprit + ": ");
    }

    @Test
    void aClientWithAnEmptyPasswordNeedsNoSecret() {
        Map<String, String> settings = with("basic-credentials", "id-alone");
        settings.remove("client-secret");
        assertThat(auth0(settings).client().basic()).isEqualTo(BasicCredentials.ID_ALONE);
        settings.put("basic-credentials", "secret-alone");
        assertThat(violations(settings)).singleElement().asString().startsWith(AUTH0 + "client-secret: ");
    }

    @Test
    void refusesALeewayThatIsNone() {
        var settings = with("rotation", "leeway");
        settings.put("rotation-leeway", "0s");

        assertThat(violations(settings)).singleElement().asString().startsWith(AUTH0 + "rotation-leeway: ");
    }

    @Test
    void refusesATimeoutBeyondTheHardCap() {
        var settings = with("timeout", "6s");
        settings.put("hard-cap", "5s");

        assertThat(violations(settings)).singleElement().asString().startsWith(AUTH0 + "timeout: ");
    }

    @Test
    void refusesTwoSecretsAtOnce() throws IOException {
        assertThat(violations(with("client-secret-file", file("geheim"))))
                .singleElement()
                .asString()
                .startsWith(AUTH0 + "client-secret-file: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n", "two\nlines"})
    void refusesASecretFileWithoutASecret(String content) throws IOException {
        var settings = with("client-secret-file", file(content));
        settings.remove("client-secret");

        assertThat(violations(settings)).singleElement().asString().startsWith(AUTH0 + "client-secret-file: ");
    }

    @Test
    void refusesASecretFileThatCanNotBeRead() {
        for (Path path : List.of(directory, directory.resolve("absent"))) {
            var settings = with("client-secret-file", path.toString());
            settings.remove("client-secret");

            assertThat(violations(settings)).singleElement().asString().startsWith(AUTH0 + "client-secret-file: ");
        }
    }

    @Test
    void reportsEveryViolationOfEveryRegistrationAtOnceAndNoSecret() {
        Map<String, String> properties = new HashMap<>(Map.of(
                AUTH0 + "client-authentication",
                "magic",
                AUTH0 + "client-secret",
                "geheim",
                AUTH0 + "rate-limit",
                "geheim",
                AUTH0 + "headers.X-Key",
                "geheim\n",
                "tokenkeep.registrations.\"key.cloak\".issuer",
                "http://geheim.example",
                "tokenkeep.registrations.\"no way\".issuer",
                "https://as.example",
                "tokenkeep.registrations.\"no way\".client-id",
                "c",
                "tokenkeep.registrations.\"no way\".client-authentication",
                "none"));

        ConfigurationException refusal = catchThrowableOfType(ConfigurationException.class, () -> checked(properties));

        assertThat(refusal).hasMessageNotContaining("geheim");
        assertThat(lines(refusal).stream().map(line -> line.substring(0, line.indexOf(": "))))
                .containsExactlyInAnyOrder(
                        AUTH0 + "token-endpoint",
                        AUTH0 + "client-id",
                        AUTH0 + "client-authentication",
                        AUTH0 + "rate-limit",
                        AUTH0 + "headers.X-Key",
                        "tokenkeep.registrations.key.cloak.issuer",
                        "tokenkeep.registrations.key.cloak.client-id",
                        "tokenkeep.registrations.key.cloak.client-secret",
                        "tokenkeep.registrations.no way");
    }

    @Test
    void refusesAKeyItDoesNotKnow() {
        var settings = with("cliend-id", "x");

        assertThatThrownBy(() -> auth0(settings)).hasMessageContaining(AUTH0 + "cliend-id");
    }

    @Test
    void startsWithoutAnyRegistration() {
        assertThat(checked(Map.of()).all()).isEmpty();
    }

    private static Map<String, String> valid() {
        return new HashMap<>(Map.of(
                "token-endpoint", "https://as.example/oauth/token?x=1",
                "client-id", "client-1",
                "client-secret", "geheim"));
    }

    private static Map<String, String> with(String key, String value) {
        var settings = valid();
        settings.put(key, value);
        return settings;
    }

    private static ClientRegistration auth0(Map<String, String> settings) {
        var properties = new HashMap<String, String>();
        settings.forEach((key, value) -> properties.put(AUTH0 + key, value));
        return checked(properties).find("auth0").orElseThrow();
    }

    @Test
    @DisplayName("K15: a secret file that is replaced counts from then on")
    void aSecretFileThatIsReplacedCountsFromThenOn() throws IOException {
        var nanos = new AtomicLong();
        String file = file("one");
        var properties = new HashMap<String, String>();
        var settings = valid();
        settings.remove("client-secret");
        settings.put("client-secret-file", file);
        settings.forEach((key, value) -> properties.put(AUTH0 + key, value));
        ClientRegistrations registrations = new ConfiguredRegistrations(
                        nanos::get, ClientKeys.ofDirectories(Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        Optional.empty());
        ClientRegistration before = registrations.find("auth0").orElseThrow();
        file("another");
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(registrations.find("auth0").orElseThrow().client().secret()).isEqualTo(Secret.of("another"));
        // Whoever has begun with the former one goes on with it.
        assertThat(before.client().secret()).isEqualTo(Secret.of("one"));
        file("");
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(registrations.find("auth0").orElseThrow().client().secret()).isEqualTo(Secret.of("another"));
    }

    @Test
    @DisplayName("G14: a target is asked for by scope, resource and audience")
    void readsTargets() {
        Map<String, String> settings = with("targets.graph.scope", "files.read mail.read");
        settings.put("targets.graph.resource", "api://graph");
        settings.put("targets.erp.audience", "erp");
        settings.put("targets.erp.via", "token_exchange");
        settings.put("targets.erp.expected-audience", "erp-api");
        assertThat(auth0(settings).accessTokens().targets())
                .containsOnly(
                        Map.entry(
                                "graph",
                                new Target(
                                        "graph",
                                        Target.Via.REFRESH,
                                        "files.read mail.read",
                                        URI.create("api://graph"),
                                        null,
                                        null)),
                        Map.entry("erp", new Target("erp", Target.Via.TOKEN_EXCHANGE, null, null, "erp", "erp-api")));
    }

    @ParameterizedTest
    @CsvSource({
        "targets.a.resource, https://api.example/#part, targets.a.resource: must be an absolute URI without a fragment",
        "targets.a.resource, api.example, targets.a.resource: must be an absolute URI without a fragment",
        "targets.a.resource, 'not a uri', targets.a.resource: is not a URI",
        "targets.a.scope, 'two  spaces', targets.a.scope: must be names separated by single spaces",
        "targets.a.audience, ' ', targets.a.audience: is blank or contains a control character",
        "targets.a.via, refresh, 'targets.a: needs a scope, a resource or an audience'",
        "targets.a/b.scope, read, 'targets.a/b: a name has 1 to 64 letters, digits, underscores and hyphens'",
    })
    void refusesATargetThatCanNotBeAskedFor(String key, String value, String told) {
        assertThat(violations(with(key, value))).containsExactly(AUTH0 + told);
    }

    @Test
    void refusesATargetThatWouldEndTheOwnAccessToken() {
        Map<String, String> settings = with("targets.a.scope", "read");
        settings.put("refresh-ends-access-token", "true");
        settings.put("targets.b.scope", "read");
        settings.put("targets.b.via", "token_exchange");
        assertThat(violations(settings))
                .singleElement()
                .asString()
                .startsWith(AUTH0 + "targets.a.via: must not be refresh with refresh-ends-access-token=true");
    }

    @Test
    void namesTheWaysThatThereAre() {
        Map<String, String> settings = with("targets.a.scope", "read");
        settings.put("targets.a.via", "magic");
        assertThat(violations(settings))
                .containsExactly(AUTH0
                        + "targets.a.via: 'magic' is not supported; use one of refresh, token_exchange, on_behalf_of");
    }

    private static List<String> violations(Map<String, String> settings) {
        ConfigurationException refusal = catchThrowableOfType(ConfigurationException.class, () -> auth0(settings));
        assertThat(refusal).isNotNull();
        return lines(refusal);
    }

    private static ClientRegistrations checked(Map<String, String> properties) {
        return new ConfiguredRegistrations(() -> 0, ClientKeys.ofDirectories(Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        Optional.empty());
    }

    private static List<String> lines(ConfigurationException refusal) {
        return refusal.getMessage()
                .lines()
                .filter(line -> line.startsWith("  tokenkeep."))
                .map(String::strip)
                .toList();
    }

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("secret"), content).toString();
    }
}
