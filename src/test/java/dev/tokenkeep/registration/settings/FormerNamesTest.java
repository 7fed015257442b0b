package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormerNamesTest {

    /** By their keys below {@code tokenkeep.registrations}. */
    private static ClientRegistrations registrations(Map<String, String> settings) {
        var properties = new HashMap<String, String>();
        settings.forEach((key, value) -> properties.put("tokenkeep.registrations." + key, value));
        for (String name : new String[] {"support", "mail"}) {
            properties.put("tokenkeep.registrations." + name + ".token-endpoint", "https://as.example/token");
            properties.put("tokenkeep.registrations." + name + ".client-id", "client");
            properties.put("tokenkeep.registrations." + name + ".client-secret", "geheim");
        }
        return new ConfiguredRegistrations(() -> 0, ClientKeys.ofDirectories(Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        Optional.empty());
    }

    @Test
    void aFormerNameIsAnotherNameWithTheSameSettings() {
        ClientRegistrations registrations =
                registrations(Map.of("support.former-names", "helpdesk,desk", "support.scope", "tickets"));
        ClientRegistration support = registrations.find("support").orElseThrow();
        ClientRegistration helpdesk = registrations.find("helpdesk").orElseThrow();
        assertThat(helpdesk.name()).isEqualTo("helpdesk");
        assertThat(helpdesk.client()).isEqualTo(support.client());
        assertThat(helpdesk.server()).isEqualTo(support.server());
        assertThat(helpdesk.requests()).isEqualTo(support.requests());
        assertThat(registrations.names()).containsExactlyInAnyOrder("support", "helpdesk", "desk", "mail");
        assertThat(registrations.withFormer("support")).containsExactlyInAnyOrder("support", "helpdesk", "desk");
        assertThat(registrations.withFormer("helpdesk")).containsExactly("helpdesk");
        assertThat(registrations.present("desk")).isEqualTo("support");
    }

    @Test
    void aTemplateKeepsItsCustomers() {
        ClientRegistrations registrations = registrations(Map.of(
                "crm.provider", "zendesk",
                "crm.session-variables", "subdomain",
                "crm.client-id", "client",
                "crm.client-secret", "geheim",
                "crm.former-names", "tickets"));
        assertThat(registrations.find("tickets~acme").orElseThrow().server())
                .isEqualTo(registrations.find("crm~acme").orElseThrow().server());
        assertThat(registrations.withFormer("crm~acme")).containsExactlyInAnyOrder("crm~acme", "tickets~acme");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mail | mail is the name of a registration",
                "support | support is the name of a registration",
                "a b | a b: a registration's name may have up to 64 letters",
                "desk | desk is a former name of mail too"
            })
    void aNameLeadsToOneRegistration(String former, String why) {
        assertThatThrownBy(() -> registrations(Map.of("support.former-names", former, "mail.former-names", "desk")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.registrations.support.former-names: " + why);
    }

    @Test
    void whatIsWrongIsToldOnceByThePresentName() {
        assertThatThrownBy(() -> registrations(Map.of("support.former-names", "helpdesk", "support.rotation", "never")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.registrations.support.rotation")
                .hasMessageNotContaining("helpdesk");
    }
}
