package dev.tokenkeep.registration.added;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.oauth.Secret;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How the settings of registrations are stored. */
class SettingsJsonTest {

    private static final Map<String, String> SETTINGS = Map.of("client-id", "c", "scope", "\"registered\"");

    @Test
    void whoHasRegisteredTheClientIsStoredBehindTheSettings() {
        Secret own = SettingsJson.write(SETTINGS, false);
        Secret registered = SettingsJson.write(SETTINGS, true);
        assertThat(own.reveal()).isEqualTo("{\"client-id\":\"c\",\"scope\":\"\\\"registered\\\"\"}");
        assertThat(registered.reveal()).isEqualTo(own.reveal() + " \"registered\"");
        assertThat(SettingsJson.isRegistered(own)).isFalse();
        assertThat(SettingsJson.isRegistered(registered)).isTrue();
        assertThat(SettingsJson.read(own)).isEqualTo(SETTINGS);
        assertThat(SettingsJson.read(registered)).isEqualTo(SETTINGS);
    }

    /** As a replica does during an update, or after it was taken back. */
    @Test
    void theVersionBeforeReadsThemToo() throws IOException {
        String registered = SettingsJson.write(SETTINGS, true).reveal();
        assertThat(new ObjectMapper().readValue(registered, new TypeReference<TreeMap<String, String>>() {}))
                .isEqualTo(SETTINGS);
    }
}
