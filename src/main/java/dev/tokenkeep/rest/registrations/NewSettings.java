package dev.tokenkeep.rest.registrations;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.rest.request.RequestBody;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The settings that a caller gives a registration. */
@RegisterForReflection
@Schema(name = "NewRegistration")
record NewSettings(
        @JsonProperty("settings")
        @Schema(
                required = true,
                description = "By their keys below tokenkeep.registrations.<name>; every value is a string")
        Map<String, String> settings) {

    static final String SETTINGS = "settings";
    static final NewSettings NONE = new NewSettings(Map.of());
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_NUMBER = 200;
    private static final int MAX_KEY = 128;

    static NewSettings read(InputStream body) {
        RequestBody request = RequestBody.read(body, Set.of(SETTINGS));
        if (!request.has(SETTINGS)) {
            throw RequestBody.invalid(SETTINGS, "is required.");
        }
        Map<String, String> settings = request.texts(SETTINGS, MAX_LENGTH);
        if (settings.size() > MAX_NUMBER) {
            throw RequestBody.invalid(SETTINGS, "has more than " + MAX_NUMBER + " settings.");
        }
        settings.keySet().stream()
                .filter(key -> key.length() > MAX_KEY)
                .findFirst()
                .ifPresent(key -> {
                    throw RequestBody.invalid(SETTINGS, "has a key of more than " + MAX_KEY + " characters.");
                });
        return new NewSettings(settings);
    }

    /** Secrets are among them. */
    @Override
    public String toString() {
        return "settings " + settings.keySet();
    }
}
