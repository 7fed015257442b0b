package dev.tokenkeep.rest.registrations;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.operations.RegistrationStatusService.RegistrationState;
import dev.tokenkeep.registration.settings.EffectiveSetting;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A registration's state and its settings as operators see them. */
@RegisterForReflection
@Schema(name = "RegistrationDetails")
record RegistrationDetailsView(
        @JsonProperty("state") @Schema(required = true) RegistrationView state,
        @JsonProperty("settings") @Schema(required = true) List<Setting> settings,

        @JsonProperty("client_secret_expires_at")
        @Schema(
                format = "date-time",
                description =
                        "Only in the answer to register_client: when the client secret expires; absent if it does not")
        @Nullable
        String clientSecretExpiresAt) {

    /** A setting that has a value. */
    @RegisterForReflection
    @Schema(name = "RegistrationSetting")
    record Setting(
            @JsonProperty("key") @Schema(required = true, description = "Its key below tokenkeep.registrations.<name>")
            String key,

            @JsonProperty("value")
            @Schema(description = "Absent if it is hidden, because it is or may be a secret")
            @Nullable
            String value,

            @JsonProperty("source")
            @Schema(
                    required = true,
                    enumeration = {"configuration", "api", "provider", "default"},
                    description =
                            "Whether the operator has set it, a caller through the API, the provider's preset, or nobody")
            String source) {}

    static RegistrationDetailsView of(RegistrationState state, List<EffectiveSetting> settings) {
        return new RegistrationDetailsView(
                RegistrationView.of(state),
                settings.stream()
                        .map(setting -> new Setting(
                                setting.key(),
                                setting.value(),
                                setting.source().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                null);
    }

    RegistrationDetailsView withSecretUntil(@Nullable Instant expiresAt) {
        return new RegistrationDetailsView(state, settings, expiresAt == null ? null : expiresAt.toString());
    }
}
