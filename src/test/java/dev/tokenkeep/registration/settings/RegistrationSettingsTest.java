package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a registration is made of, wherever its settings come from. */
class RegistrationSettingsTest {

    private static Map<String, Registration> read(Map<String, String> properties, Map<String, String> environment) {
        var config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile("prod")
                .withSources(new PropertiesConfigSource(properties, "file", 100), new EnvConfigSource(environment, 300))
                .build();
        return new RegistrationSettings(config, Presets.ofTokenkeep()).read();
    }

    @Test
    void aProviderIsNamedByAVariableToo() {
        Registration okta = read(
                        Map.of(),
                        Map.of(
                                "TOKENKEEP_REGISTRATIONS_CRM_PROVIDER", "okta",
                                "TOKENKEEP_REGISTRATIONS_CRM_VARIABLES_DOMAIN", "acme.okta.com",
                                "TOKENKEEP_REGISTRATIONS_CRM_ROTATION", "none"))
                .get("crm");
        assertThat(okta.issuer()).hasValue("https://acme.okta.com");
        assertThat(okta.rotation()).isEqualTo("none");
        assertThat(okta.rotationLeeway()).isEmpty();
    }

    @Test
    void aNameMayBeInQuotesWithoutNeedingThem() {
        Registration crm = read(
                        Map.of(
                                "tokenkeep.registrations.\"crm\".provider", "okta",
                                "tokenkeep.registrations.crm.variables.domain", "acme.okta.com",
                                "tokenkeep.registrations.\"crm\".rotation", "none"),
                        Map.of())
                .get("crm");
        assertThat(crm.issuer()).hasValue("https://acme.okta.com");
        assertThat(crm.rotationLeeway()).isEmpty();
    }

    @Test
    void whatAnErrorMeansCanBeSetByAVariable() {
        assertThat(read(
                                Map.of("tokenkeep.registrations.crm.provider", "google"),
                                Map.of("TOKENKEEP_REGISTRATIONS_CRM_ERRORS_GRANT_ENDED", "gone"))
                        .get("crm")
                        .errors())
                .hasSize(1)
                .containsValue(Set.of("gone"));
    }

    @Test
    void aProviderServesARegistrationWhoseNameHasADot() {
        assertThat(read(Map.of("tokenkeep.registrations.\"a.b\".provider", "xero"), Map.of())
                        .get("a.b")
                        .issuer())
                .hasValue("https://identity.xero.com");
    }

    @Test
    void readsMoreThanAreMappedTogetherAndNoneTwice() {
        var properties = new HashMap<String, String>();
        for (int i = 0; i < 230; i++) {
            properties.put("tokenkeep.registrations.r" + i + ".client-id", "client-" + i);
            properties.put("tokenkeep.registrations.r" + i + ".headers.x-number", String.valueOf(i));
        }
        Map<String, Registration> read = read(properties, Map.of());
        assertThat(read).hasSize(230);
        assertThat(read.get("r229").clientId()).contains("client-229");
        assertThat(read.get("r229").headers()).isEqualTo(Map.of("x-number", "229"));
    }

    @Test
    void aVariableOfTheActiveProfileWinsOverTheOneForAll() {
        Map<String, Registration> read = read(
                Map.of("tokenkeep.registrations.filed.client-id", "of the file"),
                Map.of(
                        "TOKENKEEP_REGISTRATIONS_AUTH0_CLIENT_ID", "for all",
                        "_PROD_TOKENKEEP_REGISTRATIONS_AUTH0_CLIENT_ID", "for prod",
                        "_DEV_TOKENKEEP_REGISTRATIONS_AUTH0_CLIENT_ID", "for dev",
                        "_PROD_TOKENKEEP_REGISTRATIONS_FILED_CLIENT_SECRET", "geheim"));
        assertThat(read).containsOnlyKeys("auth0", "filed");
        assertThat(read.get("auth0").clientId()).contains("for prod");
        assertThat(read.get("filed").clientId()).contains("of the file");
        assertThat(read.get("filed").clientSecret()).contains("geheim");
    }

    @Test
    void theEnvironmentWinsAndAddsToWhatAFileHas() {
        Map<String, Registration> read = read(
                Map.of(
                        "tokenkeep.registrations.my-auth0.client-id", "of the file",
                        "tokenkeep.registrations.my-auth0.rotation", "none",
                        "tokenkeep.registrations.my.client-id", "another"),
                Map.of(
                        "TOKENKEEP_REGISTRATIONS_MY_AUTH0_CLIENT_ID", "of the environment",
                        "TOKENKEEP_REGISTRATIONS_MY_AUTH0_CLIENT_SECRET", "geheim",
                        "TOKENKEEP_REGISTRATIONS_MY_PARAMETERS_AUDIENCE", "api"));
        assertThat(read).containsOnlyKeys("my-auth0", "my");
        Registration registration = read.get("my-auth0");
        assertThat(registration.clientId()).contains("of the environment");
        assertThat(registration.clientSecret()).contains("geheim");
        assertThat(registration.rotation()).isEqualTo("none");
        assertThat(registration.parameters()).isEmpty();
        assertThat(read.get("my").clientSecret()).isEmpty();
        assertThat(read.get("my").parameters()).isEqualTo(Map.of("audience", "api"));
    }

    @Test
    void theEnvironmentAloneWillDo() {
        Map<String, Registration> read = read(
                Map.of(),
                Map.of(
                        "TOKENKEEP_REGISTRATIONS_AUTH0_CLIENT_ID", "client",
                        "TOKENKEEP_REGISTRATIONS_AUTH0_TOKEN_ENDPOINT", "https://as.example/token",
                        "TOKENKEEP_REGISTRATIONS_OTHER_CLIENT_ID", "other"));
        assertThat(read).containsOnlyKeys("auth0", "other");
        assertThat(read.get("auth0").tokenEndpoint()).contains("https://as.example/token");
        assertThat(read.get("other").clientId()).contains("other");
    }

    @Test
    void takesProfilesExpressionsAndQuotedNames() {
        Map<String, Registration> read = read(
                Map.of(
                        "host", "as.example",
                        "%prod.tokenkeep.registrations.a.issuer", "https://${host}/",
                        "tokenkeep.registrations.a.issuer", "https://elsewhere.example/",
                        "tokenkeep.registrations.\"b.c\".client-id", "quoted"),
                Map.of());
        assertThat(read).containsOnlyKeys("a", "b.c");
        assertThat(read.get("a").issuer()).contains("https://as.example/");
        assertThat(read.get("b.c").clientId()).contains("quoted");
    }
}
