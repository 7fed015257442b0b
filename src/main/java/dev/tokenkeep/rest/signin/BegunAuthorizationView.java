package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.signin.BegunSignIn;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A sign-in that has begun, as its caller sees it. */
@RegisterForReflection
@Schema(name = "BegunAuthorization", description = "A sign-in that has begun")
record BegunAuthorizationView(
        @JsonProperty("id") @Schema(required = true) String id,

        @JsonProperty("authorization_uri")
        @Schema(required = true, format = "uri", description = "Where the user's browser has to go")
        String authorizationUri,

        @JsonProperty("state")
        @Schema(
                description = "Keep it in the browser's session. The callback belongs to this browser only if it has"
                        + " the same state. Absent with the hosted callback, which keeps its own.")
        @Nullable
        String state,

        @JsonProperty("expires_in")
        @Schema(required = true, description = "How many seconds the authorization URI is good for")
        long expiresIn) {

    static BegunAuthorizationView of(BegunSignIn begun) {
        return new BegunAuthorizationView(
                begun.id(),
                begun.uri().toString(),
                begun.state() == null ? null : begun.state().reveal(),
                begun.expiresIn().toSeconds());
    }

    @Override
    public String toString() {
        return "[authorization " + id + "]";
    }
}
