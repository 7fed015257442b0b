package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.TokenResponseParser;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RotationPolicy;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The providers that come with Tokenkeep, and how their settings meet an operator's. */
class PresetsTest {

    private static final Presets PRESETS = Presets.ofTokenkeep();
    private static final Path DIRECTORY = Path.of("src/main/resources/META-INF/tokenkeep/providers");
    private static final Path PAGE = Path.of("src/docs/providers.md");

    /** A value for every variable that there is. */
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("domain", "tenant.eu.auth0.com"),
            Map.entry("server", "default"),
            Map.entry("realm", "main"),
            Map.entry("tenant", "9188040d-6c67-4c5b-b112-36a304b66dad"),
            Map.entry("policy", "B2C_1_signin"),
            Map.entry("region", "eu-central-1"),
            Map.entry("pool", "eu-central-1_AbCd"),
            Map.entry("tld", "eu"),
            Map.entry("environment", "abc-1"),
            Map.entry("dc", "com.au"),
            Map.entry("subdomain", "acme"),
            Map.entry("shop", "acme-shop"));

    static Stream<String> names() {
        return PRESETS.names().stream();
    }

    static Stream<String> supported() {
        return names().filter(name -> preset(name).unsupported().isEmpty());
    }

    private static Preset preset(String name) {
        return PRESETS.named(name).orElseThrow();
    }

    private static ClientRegistration registered(String provider, Map<String, String> more) {
        return registrations(provider, more).find("some").orElseThrow();
    }

    /** With nothing but what an operator has to give. */
    private static ClientRegistrations registrations(String provider, Map<String, String> more) {
        var settings = new HashMap<String, String>();
        settings.put("provider", provider);
        settings.put("client-id", "client-1");
        settings.put("client-secret", "geheim");
        PRESETS.named(provider)
                .ifPresent(preset -> preset.variables()
                        .keySet()
                        .forEach(variable -> settings.put("variables." + variable, value(provider, variable))));
        settings.putAll(more);
        settings.values().removeIf(String::isEmpty);
        var properties = new HashMap<String, String>();
        Optional<String> directory = Optional.ofNullable(settings.remove("directory"));
        settings.forEach((key, value) -> properties.put("tokenkeep.registrations.some." + key, value));
        return new ConfiguredRegistrations(() -> 0, ClientKeys.ofDirectories(Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        directory);
    }

    private static String value(String provider, String variable) {
        if (variable.equals("host")) {
            return switch (provider) {
                case "docusign" -> "account-d.docusign.com";
                case "square" -> "connect.squareupsandbox.com";
                default -> "as.example.com:8443";
            };
        }
        return VARIABLES.get(variable);
    }

    private static void isRefused(String provider, Map<String, String> more, String told) {
        assertThatThrownBy(() -> registrations(provider, more))
                .hasMessageContaining("tokenkeep.registrations.some." + told);
    }

    @Test
    void theIndexNamesEveryFile() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(file -> !file.equals("index"))
                            .map(file -> file.replace(".properties", "")))
                    .containsExactlyInAnyOrderElementsOf(PRESETS.names());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPresetSaysWhereItsFactsAreFrom(String name) throws IOException {
        Preset preset = preset(name);
        assertThat(preset.about()).containsKeys("title", "documentation", "version", "facts-of");
        assertThat(preset.about().get("facts-of")).matches("20\\d\\d-\\d\\d-\\d\\d");
        assertThat(Files.readString(PAGE))
                .contains("| `" + name + "` | [" + preset.about().get("title") + "]("
                        + preset.about().get("documentation") + ")");
    }

    @ParameterizedTest
    @MethodSource("supported")
    void everyPresetNeedsNoMoreThanItsClientAndItsVariables(String name) {
        ClientRegistration registration = registered(name, Map.of());
        assertThat(registration.server().address().getScheme()).isEqualTo("https");
        assertThat(registration.server().address().toString()).doesNotContain("{", "}");
        assertThat(registration.signIn().authorizationEndpoint() != null
                        || registration.server().issuer() != null)
                .as("users can sign in")
                .isTrue();
    }

    @Test
    void whatTheOperatorSetsWins() {
        ClientRegistration own = registered(
                "okta",
                Map.of(
                        "client-authentication", "client_secret_post",
                        "scope", "openid",
                        "rotation", "none"));
        assertThat(own.client().authentication()).isEqualTo(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        assertThat(own.signIn().scope()).isEqualTo("openid");
        assertThat(own.refreshTokens().rotation()).isEqualTo(RotationPolicy.NONE);
        assertThat(registered("okta", Map.of()).refreshTokens().rotation())
                .isEqualTo(RotationPolicy.leeway(Duration.ofSeconds(30)));
        assertThat(registered("okta", Map.of("rotation-leeway", "10s"))
                        .refreshTokens()
                        .rotation())
                .isEqualTo(RotationPolicy.leeway(Duration.ofSeconds(10)));
    }

    @Test
    void replacesTheVariables() {
        assertThat(registered("zoho", Map.of()).server().tokenEndpoint())
                .isEqualTo(URI.create("https://accounts.zoho.com.au/oauth/v2/token"));
        assertThat(registered("auth0", Map.of()).server().issuer())
                .isEqualTo(URI.create("https://tenant.eu.auth0.com/"));
    }

    @Test
    void namesWhatIsWrong() {
        isRefused("gihub-app", Map.of(), "provider: there is no provider gihub-app; the nearest are [github-app");
        isRefused("unheard-of", Map.of(), "provider: there is no provider unheard-of; leave it out");
        isRefused("auth0", Map.of("variables.domain", ""), "variables.domain: is required with provider=auth0");
        isRefused("google", Map.of("variables.domain", "x"), "variables.domain: is not known; provider=google has no");
        isRefused(
                "tiktok-business",
                Map.of(),
                "provider: tiktok-business is not supported: it has another request and another address for a refresh");
    }

    @ParameterizedTest
    @CsvSource({
        "zendesk, subdomain, evil.example/x",
        "zendesk, subdomain, evil.example",
        "zendesk, subdomain, 'evil.example#'",
        "zoho, dc, com.evil",
        "auth0, domain, user@evil.example",
        "auth0, domain, evil.example/path",
        "pingone, tld, x.io",
        "docusign, host, evil.example",
        "square, host, evil.example"
    })
    @DisplayName("a variable cannot lead anywhere else")
    void refusesAVariableThatDoesNotFit(String provider, String variable, String value) {
        isRefused(provider, Map.of("variables." + variable, value), "variables." + variable + ": does not match");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "x|400|{\"error\":\"invalid_request\",\"error_description\":\"Value passed for the token was invalid.\"}|GRANT_DEAD",
                "x|400|{\"error\":\"invalid_request\",\"error_description\":\"Something else\"}|REQUEST_WRONG",
                "strava|400|{\"errors\":[{\"resource\":\"Application\",\"field\":\"client_id\"}]}|REGISTRATION_WRONG",
                "strava|429|{\"errors\":[{\"resource\":\"Application\",\"field\":\"rate limit\"}]}|TRANSIENT",
                "github-app|200|{\"error\":\"bad_refresh_token\"}|GRANT_DEAD",
                "github-app|200|{\"error\":\"incorrect_client_credentials\"}|REGISTRATION_WRONG",
                "fitbit|401|{\"errors\":[{\"errorType\":\"invalid_grant\"}],\"success\":false}|GRANT_DEAD",
                "reddit|400|{\"message\":\"Bad Request\",\"error\":400}|GRANT_DEAD",
                "zoho|200|{\"error\":\"invalid_code\"}|GRANT_DEAD",
                "slack|200|{\"ok\":false,\"error\":\"invalid_refresh_token\"}|GRANT_DEAD",
                "slack|200|{\"ok\":false,\"error\":\"bad_client_secret\"}|REGISTRATION_WRONG",
                "hubspot|400|{\"status\":\"BAD_REFRESH_TOKEN\",\"message\":\"no\"}|GRANT_DEAD",
                "twitch|400|{\"status\":400,\"message\":\"Invalid refresh token\"}|GRANT_DEAD",
                "auth0|403|{\"error\":\"invalid_grant\"}|GRANT_DEAD",
                "atlassian|403|{\"error\":\"invalid_grant\"}|GRANT_DEAD",
                "strava|400|{\"errors\":[{\"resource\":\"RefreshToken\",\"field\":\"refresh_token\"}]}|GRANT_DEAD"
            })
    void understandsRefusals(String provider, int status, String body, FailureClass meaning) {
        assertThat(answer(provider, status, body))
                .isInstanceOf(Refused.class)
                .extracting(result -> ((Refused) result).failureClass())
                .isEqualTo(meaning);
    }

    @Test
    void understandsAnswers() {
        assertThat(((Refreshed) answer("slack-user", 200, """
                        {"ok":true,"authed_user":{"access_token":"u-1","refresh_token":"r-1","expires_in":43200,"scope":"a,b"}}""")).response().scope())
                .isEqualTo("a b");
        assertThat(answer("square", 200, """
                        {"access_token":"a","expires_at":"2030-01-01T00:00:00Z","refresh_token":"r"}""")).isInstanceOf(Refreshed.class);
        assertThat(answer("twitch", 200, """
                        {"access_token":"a","refresh_token":"r","expires_in":14124,"scope":["x","y"],"token_type":"bearer"}""")).isInstanceOf(Refreshed.class);
    }

    private static TokenResult answer(String provider, int status, String body) {
        return TokenResponseParser.outcome(
                registered(provider, Map.of()).requests().responseShape(),
                status,
                "application/json",
                null,
                body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesTheOperatorsOwnProviders(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("acme.properties"), """
                preset.variables.tenant=[a-z]+
                issuer=https://login.acme.example/{tenant}
                rotation=none
                """);
        Files.writeString(directory.resolve("google.properties"), "issuer=https://google.acme.example");
        ClientRegistration acme =
                registered("acme", Map.of("variables.tenant", "blue", "directory", directory.toString()));
        assertThat(acme.server().issuer()).isEqualTo(URI.create("https://login.acme.example/blue"));
        assertThat(acme.refreshTokens().rotation()).isEqualTo(RotationPolicy.NONE);
        assertThat(registered("google", Map.of("directory", directory.toString()))
                        .server()
                        .issuer())
                .isEqualTo(URI.create("https://google.acme.example"));
        Files.writeString(directory.resolve("broken.properties"), "preset.variables.tenant=[");
        assertThatThrownBy(() -> registrations("acme", Map.of("directory", directory.toString())))
                .hasMessageContaining(
                        "tokenkeep.providers.directory: the file " + directory.resolve("broken.properties"));
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503"})
    void aServerThatIsBrokenEndsNoGrant(int status) {
        assertThat(answer("fitbit", status, "{\"errors\":[{\"errorType\":\"invalid_grant\"}]}"))
                .isNotEqualTo(new Refused(FailureClass.GRANT_DEAD, "mapped_error", null));
    }

    @Test
    void aMemberTellsMoreThanACodeAndWhatCostsLessGoesFirst() {
        assertThat(TokenResponseParser.outcome(
                        registered("google", Map.of("errors.grant-ended", "busy", "errors.retry", "/reason=later"))
                                .requests()
                                .responseShape(),
                        400,
                        "application/json",
                        null,
                        "{\"error\":\"busy\",\"reason\":\"later\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Refused(FailureClass.TRANSIENT, "mapped_error", null));
    }

    @Test
    void aRuleNamesACodeAsTheServerWritesIt() {
        TokenResult result = TokenResponseParser.outcome(
                registered("google", Map.of("errors.grant-ended", "E-4001"))
                        .requests()
                        .responseShape(),
                400,
                "application/json",
                null,
                "{\"error\":\"E-4001\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(result).isEqualTo(new Refused(FailureClass.GRANT_DEAD, "E-4001", null));
    }

    @Test
    void aRuleOfTheOperatorReplacesThePresets() {
        TokenResult result = TokenResponseParser.outcome(
                registered("x", Map.of("errors.grant-ended", "gone", "errors.throttled", "/title=Too Many Requests"))
                        .requests()
                        .responseShape(),
                400,
                "application/json",
                null,
                "{\"title\":\"Too Many Requests\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(result).isInstanceOf(Refused.class);
        assertThat(((Refused) result).isThrottled()).isTrue();
        assertThat(List.of("/a", "/a=", "a=b", " "))
                .allSatisfy(rule -> isRefused(
                        "x", Map.of("errors.grant-ended", rule), "errors.grant-ended: must be a list of error codes"));
        isRefused("x", Map.of("errors.gone", "a"), "errors.gone: there is no such meaning; use one of [grant-ended");
    }
}
