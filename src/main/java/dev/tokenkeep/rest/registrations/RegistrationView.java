package dev.tokenkeep.rest.registrations;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.operations.RegistrationStatusService.RegistrationState;
import dev.tokenkeep.rest.SessionView;
import dev.tokenkeep.session.budget.Pauses.Pause;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A registration's state as operators see it. */
@RegisterForReflection
@Schema(name = "Registration")
record RegistrationView(
        @JsonProperty("name") @Schema(required = true) String name,

        @JsonProperty("paused_until")
        @Schema(format = "date-time", description = "Nothing is refreshed before this time; absent if it is not paused")
        @Nullable
        String pausedUntil,

        @JsonProperty("pause_reason")
        @Schema(description = "The error code that caused the pause; absent if it is not paused")
        @Nullable
        String pauseReason,

        @JsonProperty("breaker")
        @Schema(
                required = true,
                enumeration = {"closed", "open", "half_open"},
                description = "The state of the circuit breaker in the replica that answers")
        String breaker,

        @JsonProperty("permits_available")
        @Schema(
                required = true,
                description = "How many more token requests the replica that answers may send at the same time")
        int permitsAvailable,

        @JsonProperty("budget_remaining")
        @Schema(
                description = "How many token requests the rate limit still allows, for all replicas together; absent"
                        + " without a rate limit")
        @Nullable
        Integer budgetRemaining) {

    /** All registrations that the caller may use. */
    @RegisterForReflection
    @Schema(name = "Registrations")
    record Registrations(
            @JsonProperty("items") @Schema(required = true) List<RegistrationView> items) {}

    static RegistrationView of(RegistrationState state) {
        Pause pause = state.pause();
        return new RegistrationView(
                state.name(),
                pause == null ? null : SessionView.text(pause.until()),
                pause == null ? null : pause.reason(),
                state.breaker().name().toLowerCase(Locale.ROOT),
                state.permitsAvailable(),
                state.budgetRemaining());
    }
}
