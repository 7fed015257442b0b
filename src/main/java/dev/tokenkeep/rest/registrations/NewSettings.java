package dev.tokenkeep.rest.registrations;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.rest.request.RequestBody;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The settings that a caller gives a registration. */
@RegisterForReflection
@Schema(name = "NewRegistration")
record NewSettings(
        @JsonProperty("settings")
        @Schema(
                required = true,
                description = "By their keys below tokenkeep.registrations.<name>; every value is a string")
        Map<String, String> settings,

        @JsonProperty("register_client")
        @Schema(
                description = "Tokenkeep registers the client itself. The settings then have neither client-id nor"
                        + " client-secret")
        @Nullable
        RegisterClient registerClient) {

    static final String SETTINGS = "settings";
    static final NewSettings NONE = new NewSettings(Map.of(), null);
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_NUMBER = 200;
    private static final int MAX_KEY = 128;

    static NewSettings read(InputStream body) {
        RequestBody request = RequestBody.read(body, Set.of(SETTINGS, RegisterClient.MEMBER));
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
        if (!request.has(RegisterClient.MEMBER)) {
            return new NewSettings(settings, null);
        }
        for (String key : List.of("client-id", "client-secret")) {
            if (settings.containsKey(key)) {
                throw RequestBody.invalid(SETTINGS + "." + key, "cannot be set together with register_client.");
            }
        }
        return new NewSettings(settings, RegisterClient.read(request));
    }

    /** Secrets are among them. */
    @Override
    public String toString() {
        return "settings " + settings.keySet();
    }
}
