package dev.tokenkeep.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedClientsTest {

    private static final String OWN = "https://tokenkeep.example/connect/crm/client";

    private static ClientRegistrations crm(String clientId, String method) {
        var settings = new HashMap<>(Map.of("client-id", clientId, "client-authentication", method));
        if (method.equals("none")) {
            settings.put("client-secret", "");
        }
        return TestClientRegistrations.fixed(Map.of("crm", TestClientRegistrations.named("crm", settings)));
    }

    private static PublishedClients published(ClientRegistrations registrations, String base) {
        return new PublishedClients(
                registrations, new ConnectAddress(() -> Optional.of(base).filter(it -> !it.isEmpty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_basic", "client_secret_post"})
    void aPublishedClientHasNoSecret(String method) {
        ClientRegistrations registrations = crm(OWN, method);
        assertThatThrownBy(() -> published(registrations, "https://tokenkeep.example"))
                .hasMessageContaining("tokenkeep.registrations.crm.client-authentication")
                .hasMessageContaining("none or private_key_jwt");
    }

    @Test
    void onlyTheAddressOfTheRegistrationIsPublished() {
        assertThat(published(crm(OWN, "none"), "https://tokenkeep.example/").find("crm"))
                .isPresent();
        assertThat(published(crm(OWN, "none"), "https://other.example").find("crm"))
                .isEmpty();
        assertThat(published(crm(OWN, "none"), "").find("crm")).isEmpty();
        assertThat(published(crm(OWN.replace("crm", "other"), "none"), "https://tokenkeep.example")
                        .find("crm"))
                .isEmpty();
        assertThat(published(crm("crm", "client_secret_basic"), "https://tokenkeep.example")
                        .find("crm"))
                .isEmpty();
    }
}
