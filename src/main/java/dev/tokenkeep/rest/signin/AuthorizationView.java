package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.signin.store.Authorization;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a sign-in has come, as its caller sees it. */
@RegisterForReflection
@Schema(name = "Authorization", description = "A sign-in. Members without a value are left out.")
record AuthorizationView(
        @JsonProperty("id") @Schema(required = true) String id,

        @JsonProperty("registration") @Schema(required = true)
        String registration,

        @JsonProperty("subject") @Schema(required = true) String subject,

        @JsonProperty("status")
        @Schema(
                required = true,
                enumeration = {"pending", "awaiting_confirmation", "completed", "failed", "expired"},
                description = "pending: the user may still sign in, also after an error. awaiting_confirmation: the"
                        + " browser is back; confirm. completed: `session` is the"
                        + " session. failed, expired: begin anew.")
        String status,

        @JsonProperty("session") @Schema(description = "The id of the session, once completed") @Nullable
        String session,

        @JsonProperty("error")
        @Schema(description = "Why it failed; while pending, how the authorization server answered last")
        @Nullable
        String error,

        @JsonProperty("expires_in")
        @Schema(description = "How many seconds the user may still take; only while pending")
        @Nullable
        Long expiresIn) {

    static AuthorizationView of(Authorization authorization) {
        Authorization.Progress progress = authorization.progress();
        boolean pending = progress.status() == Authorization.Status.PENDING
                || progress.status() == Authorization.Status.AWAITING_CONFIRMATION;
        return new AuthorizationView(
                authorization.id(),
                authorization.asked().registration(),
                authorization.asked().subject(),
                progress.status().name().toLowerCase(Locale.ROOT),
                progress.session(),
                progress.error(),
                pending ? Math.max(0, authorization.expiresIn().toSeconds()) : null);
    }
}
