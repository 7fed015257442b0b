package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which issuers say whose sessions are wanted, and of which registrations. */
class SubjectIssuersTest {

    private static final String KEY = "tokenkeep.exchange.subject-issuers.";

    @Test
    void anIssuerHasTheRegistrationsThatAreNamed() {
        var issuers = issuers(Map.of(
                KEY + "a.registrations", "crm,customer-*",
                KEY + "b.registrations", "erp"));
        assertThat(issuers.find("https://a.example")).satisfies(a -> {
            assertThat(a.name()).isEqualTo("a");
            assertThat(a.registrations().has("crm")).isTrue();
            assertThat(a.registrations().has("customer-1")).isTrue();
            assertThat(a.registrations().has("erp")).isFalse();
        });
        assertThat(issuers.find("https://b.example").registrations().has("crm")).isFalse();
        assertThat(issuers.find("https://c.example")).isNull();
        assertThat(issuers.find(null)).isNull();
    }

    /** Their users may have the same {@code sub}. */
    @ParameterizedTest
    @CsvSource({
        "crm, crm",
        "customer-*, customer-a*",
        "customer-a*, customer-*",
        "customer-*, customer-7",
        "customer-7, customer-*",
        "crm~acme, crm",
        "crm, crm-before"
    })
    void aRegistrationHasTheUsersOfOneIssuer(String one, String other) {
        assertThatThrownBy(() -> issuers(Map.of(KEY + "a.registrations", one, KEY + "b.registrations", other)))
                .hasMessageContaining("the users of a registration are of one issuer");
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThatThrownBy(() -> issuers(Map.of(KEY + "x.registrations", "crm")))
                .hasMessageContaining(KEY + "x: there is no issuer x among tokenkeep.issuers");
        assertThatThrownBy(() -> issuers(Map.of(KEY + "a.registrations", "nowhere")))
                .hasMessageContaining(KEY + "a.registrations: there is no registration nowhere");
        assertThatThrownBy(() -> issuers(Map.of(KEY + "a.registrations", "*")))
                .hasMessageContaining("a * may only be the last character");
        assertThatThrownBy(() -> issuers(Map.of(KEY + "a.registrations", "")))
                .hasMessageContaining(KEY + "a.registrations: is missing");
    }

    private static SubjectIssuers issuers(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        for (String name : new String[] {"a", "b", "c"}) {
            all.put("tokenkeep.issuers." + name + ".issuer", "https://" + name + ".example");
        }
        var config = new SmallRyeConfigBuilder()
                .withMapping(CallersConfig.class)
                .withMapping(IssuersConfig.class)
                .withMapping(ExchangeConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        var registration = TestClientRegistrations.with(Map.of());
        return new SubjectIssuers(
                config.getConfigMapping(ExchangeConfig.class),
                config.getConfigMapping(IssuersConfig.class),
                config.getConfigMapping(CallersConfig.class),
                TestClientRegistrations.fixed(
                        Map.of(
                                "crm", registration,
                                "erp", registration,
                                "customer-7", registration,
                                "crm~acme", registration,
                                "crm-before", registration),
                        Map.of("crm-before", "crm")));
    }
}
