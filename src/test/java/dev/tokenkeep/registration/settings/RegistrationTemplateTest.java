package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations whose sessions give the variables of the address. */
class RegistrationTemplateTest {

    @TempDir
    Path providers;

    private ClientRegistrations registrations(Map<String, String> settings) {
        var properties = new HashMap<String, String>();
        Map.of("client-id", "c", "client-secret", "s")
                .forEach((key, value) -> properties.put("tokenkeep.registrations.crm." + key, value));
        settings.forEach((key, value) -> properties.put("tokenkeep.registrations.crm." + key, value));
        return new ConfiguredRegistrations(() -> 0, ClientKeys.ofDirectories(Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        Optional.of(providers.toString()));
    }

    private ClientRegistrations zendesk() {
        return registrations(Map.of("provider", "zendesk", "session-variables", "subdomain"));
    }

    @Test
    @DisplayName("L5: each customer's address makes a registration of its own")
    void aSessionsNameGivesTheVariables() {
        ClientRegistrations registrations = zendesk();
        ClientRegistration acme = registrations.find("crm~acme").orElseThrow();
        assertThat(acme.name()).isEqualTo("crm~acme");
        assertThat(acme.server().tokenEndpoint()).isEqualTo(URI.create("https://acme.zendesk.com/oauth/tokens"));
        assertThat(acme.signIn().authorizationEndpoint())
                .hasToString("https://acme.zendesk.com/oauth/authorizations/new");
        assertThat(acme.server().origin().onlyPublic()).isTrue();
        assertThat(acme.destination().onlyPublic()).isTrue();
        assertThat(acme.client())
                .isEqualTo(registrations.template("crm").orElseThrow().blank().client());
        assertThat(registrations.find("crm~beta").orElseThrow().server().tokenEndpoint())
                .hasToString("https://beta.zendesk.com/oauth/tokens");
    }

    /** Nothing may be sent to a placeholder. */
    @Test
    void theTemplateItselfIsNoRegistration() {
        ClientRegistrations registrations = zendesk();
        assertThat(registrations.find("crm")).isEmpty();
        assertThat(registrations.names()).isEmpty();
        assertThat(registrations.isConfigured("crm")).isTrue();
        assertThat(registrations.template("crm").orElseThrow().pattern()).isEqualTo("crm~{subdomain}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "crm~",
                "crm~a.b",
                "crm~-",
                "crm~acme-",
                "crm~-acme",
                "crm~Acme",
                "crm~a/b",
                "crm~evil.example#",
                "crm~a~b",
                "crm~a:80",
                "crm~a@b",
                "crm~%61",
                "crm~tokenkeep-variable-subdomain-end.x",
                "other~acme"
            })
    void aValueThatDoesNotMatchItsPatternIsNone(String name) {
        assertThat(zendesk().find(name)).isEmpty();
    }

    @Test
    void severalValuesComeInTheOrderOfTheirVariables() {
        ClientRegistrations registrations =
                registrations(Map.of("provider", "cognito", "session-variables", "region,pool"));
        assertThat(registrations.template("crm").orElseThrow().pattern()).isEqualTo("crm~{pool}~{region}");
        assertThat(registrations
                        .find("crm~eu_1~eu-west-1")
                        .orElseThrow()
                        .server()
                        .issuer()
                        .toString())
                .contains("eu-west-1", "eu_1");
    }

    @Test
    void aSessionMayGiveOneVariableAndTheOperatorTheOther() {
        ClientRegistration acme = registrations(
                        Map.of("provider", "pingone", "session-variables", "environment", "variables.tld", "eu"))
                .find("crm~acme")
                .orElseThrow();
        assertThat(acme.server().issuer().toString()).contains("pingone.eu", "acme");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zendesk | shop | tokenkeep.registrations.crm.session-variables: there is no variable shop",
                "auth0 | domain | tokenkeep.registrations.crm.session-variables: with domain, a session could have",
                "keycloak | realm | tokenkeep.registrations.crm.variables.host: is required",
                "google | region | there is no variable region; provider=google has no variables",
            })
    void whatCannotBeASessionsVariableIsToldAtTheStart(String provider, String variables, String why) {
        assertThatThrownBy(() -> registrations(Map.of("provider", provider, "session-variables", variables)))
                .hasMessageContaining(why);
    }

    @Test
    void aVariableIsGivenOnce() {
        assertThatThrownBy(() -> registrations(
                        Map.of("provider", "zendesk", "session-variables", "subdomain", "variables.subdomain", "acme")))
                .hasMessageContaining("tokenkeep.registrations.crm.variables.subdomain: is set, and is among");
    }

    @Test
    @DisplayName("G30: one certificate is not shown to the servers of all customers")
    void aCertificateIsNotForManyServers() {
        assertThatThrownBy(() -> registrations(Map.of(
                        "provider",
                        "zendesk",
                        "session-variables",
                        "subdomain",
                        "client-authentication",
                        "tls_client_auth",
                        "tls-configuration",
                        "mtls")))
                .hasMessageContaining("session-variables: cannot be used with tls_client_auth");
    }

    @Test
    void itNeedsAProvider() {
        assertThatThrownBy(() ->
                        registrations(Map.of("token-endpoint", "https://{x}.example/token", "session-variables", "x")))
                .hasMessageContaining("tokenkeep.registrations.crm.session-variables: needs a provider");
    }

    /** Wherever the provider's settings have the variable. */
    @Test
    void aProviderOfTheOperatorMaySayWhatIsAllowed() throws IOException {
        Files.writeString(providers.resolve("corp.properties"), """
                preset.variables.host=[a-z]+\\\\.corp\\\\.example
                token-endpoint=https://{host}/token
                parameters.audience=https://{host}/api
                headers.x-tenant={host}
                authorization-parameters.resource=https://{host}
                expected-audience=https://{host}/api
                targets.mail.resource=https://mail.{host}/
                targets.mail.scope=mail:{host}
                """);
        ClientRegistrations registrations = registrations(Map.of("provider", "corp", "session-variables", "host"));
        assertThat(registrations.find("crm~evil.example")).isEmpty();
        ClientRegistration acme = registrations.find("crm~acme.corp.example").orElseThrow();
        assertThat(acme.server().tokenEndpoint()).hasToString("https://acme.corp.example/token");
        assertThat(acme.requests().parameters()).containsEntry("audience", "https://acme.corp.example/api");
        assertThat(acme.requests().headers()).containsEntry("x-tenant", "acme.corp.example");
        assertThat(acme.signIn().parameters()).containsEntry("resource", "https://acme.corp.example");
        assertThat(acme.accessTokens().expectedAudience()).isEqualTo("https://acme.corp.example/api");
        assertThat(acme.accessTokens().targets().get("mail").resource()).hasToString("https://mail.acme.corp.example/");
        assertThat(acme.toString()).doesNotContain("tokenkeep-variable");
    }

    @Test
    void namesOfSessionsAreKnownOnceTheyAreUsed() {
        ClientRegistrations registrations = zendesk();
        registrations.addOfSessions("crm~beta");
        assertThat(registrations.names()).containsExactly("crm~beta");
        assertThat(registrations.revocable()).containsExactly(Map.entry("crm~beta", ""));
        registrations.publishOfSessions(List.of("crm~acme", "crm~", "other~acme"));
        assertThat(registrations.names()).containsExactly("crm~acme");
        assertThat(registrations.all()).extracting(ClientRegistration::name).containsExactly("crm~acme");
    }
}
