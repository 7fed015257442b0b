package dev.tokenkeep.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistrationNamesTest {

    @Test
    void hasWholeNamesAndWhatBeginsAlike() {
        var names = RegistrationNames.of(Set.of("crm", "acme-*"));
        assertThat(names.has("crm")).isTrue();
        assertThat(names.has("crm-2")).isFalse();
        assertThat(names.has("acme-1")).isTrue();
        assertThat(names.has("acme-")).isTrue();
        assertThat(names.has("acme")).isFalse();
        assertThat(names.has("ACME-1")).isFalse();
    }
}
