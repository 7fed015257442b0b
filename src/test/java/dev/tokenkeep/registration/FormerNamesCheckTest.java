package dev.tokenkeep.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormerNamesCheckTest {

    private static ClientRegistration named(String name, String formerNames) {
        return TestClientRegistrations.named(name, Map.of("former-names", formerNames));
    }

    private static ClientRegistrations all(ClientRegistration... all) {
        return TestClientRegistrations.fixed(
                Stream.of(all).collect(Collectors.toMap(ClientRegistration::name, one -> one)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other        | is configured itself",
                "crm          | is configured itself",
                "taken        | as registration other does",
                "no name      | a registration's name may have"
            })
    void aFormerNameLeadsToOneRegistration(String former, String why) {
        ClientRegistrations registrations = all(named("crm", former), named("other", "taken"));
        assertThatThrownBy(() -> new FormerNamesCheck(registrations))
                .hasMessageContaining("tokenkeep.registrations.crm.former-names")
                .hasMessageContaining(why);
    }

    @Test
    void aRegistrationIsFoundByEachNameThatItHad() {
        ClientRegistrations registrations = all(named("crm", "sales,deals"), named("other", "taken"));
        new FormerNamesCheck(registrations);
        assertThat(registrations.find("sales")).isEqualTo(registrations.find("crm"));
        assertThat(registrations.find("deals")).isEqualTo(registrations.find("crm"));
        assertThat(registrations.isConfigured("deals")).isTrue();
        assertThat(registrations.names()).containsExactlyInAnyOrder("crm", "other");
        assertThat(registrations.findRevocable("taken")).isEqualTo(registrations.find("other"));
        assertThat(registrations.revocable()).containsKeys("crm", "sales", "deals", "other", "taken");
    }
}
