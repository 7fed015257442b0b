package dev.tokenkeep.registration.added;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.oauth.Secret;
import java.util.Map;
import java.util.TreeMap;

/** Writes the settings of a registration as they are stored. The same settings give the same text. */
final class SettingsJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

    private SettingsJson() {}

    static Secret write(Map<String, String> settings) {
        try {
            return Secret.of(JSON.writeValueAsString(new TreeMap<>(settings)));
        } catch (JsonProcessingException e) {
            // The cause quotes the settings.
            throw new IllegalStateException("The settings cannot be written");
        }
    }

    static Map<String, String> read(Secret settings) {
        try {
            return JSON.readValue(settings.reveal(), TEXTS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The stored settings are not JSON");
        }
    }
}
