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

    /** Behind the settings, where only this version looks: one before it reads the first value alone. */
    private static final String REGISTERED = " \"registered\"";

    private SettingsJson() {}

    /** @param registered whether Tokenkeep has registered the client itself */
    static Secret write(Map<String, String> settings, boolean registered) {
        try {
            return Secret.of(JSON.writeValueAsString(new TreeMap<>(settings)) + (registered ? REGISTERED : ""));
        } catch (JsonProcessingException e) {
            // The cause quotes the settings.
            throw new IllegalStateException("The settings cannot be written");
        }
    }

    /** Returns whether Tokenkeep has registered the client itself, so that no caller knows its secret. */
    static boolean isRegistered(Secret settings) {
        return settings.reveal().endsWith(REGISTERED);
    }

    static Map<String, String> read(Secret settings) {
        try {
            return JSON.readValue(settings.reveal(), TEXTS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The stored settings are not JSON");
        }
    }
}
