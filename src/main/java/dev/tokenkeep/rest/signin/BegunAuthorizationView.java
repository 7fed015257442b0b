package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.BegunSignIn.NextStep;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A sign-in that has begun, as its caller sees it. */
@RegisterForReflection
@Schema(name = "BegunAuthorization", description = "A sign-in that has begun")
record BegunAuthorizationView(
        @JsonProperty("id") @Schema(required = true) String id,

        @JsonProperty("expires_in") @Schema(required = true, description = "How many seconds the user has")
        long expiresIn,

        @JsonProperty("authorization_uri")
        @Schema(format = "uri", description = "authorization_code: where the user's browser has to go")
        @Nullable
        String authorizationUri,

        @JsonProperty("state")
        @Schema(
                description = "authorization_code: keep it in the browser's session. The callback belongs to this"
                        + " browser only if it has the same state. Absent with the hosted callback, which keeps its"
                        + " own.")
        @Nullable
        String state,

        @JsonProperty("user_code") @Schema(description = "device_code: what the user has to enter") @Nullable
        String userCode,

        @JsonProperty("verification_uri")
        @Schema(format = "uri", description = "device_code: where the user has to enter it")
        @Nullable
        String verificationUri,

        @JsonProperty("verification_uri_complete")
        @Schema(
                format = "uri",
                description = "device_code: the same, with the code. Only if the authorization server has it and the"
                        + " registration's verification-uri-complete is true.")
        @Nullable
        String verificationUriComplete,

        @JsonProperty("interval")
        @Schema(description = "device_code: how often Tokenkeep asks the authorization server, in seconds")
        @Nullable
        Long interval) {

    static BegunAuthorizationView of(BegunSignIn begun) {
        long expiresIn = begun.expiresIn().toSeconds();
        if (begun.next() instanceof NextStep.EnterCode code) {
            return new BegunAuthorizationView(
                    begun.id(),
                    expiresIn,
                    null,
                    null,
                    code.userCode(),
                    code.uri().toString(),
                    Objects.toString(code.completeUri(), null),
                    code.interval().toSeconds());
        }
        var browser = (NextStep.OpenBrowser) begun.next();
        return new BegunAuthorizationView(
                begun.id(), expiresIn, browser.uri().toString(), browser.state(), null, null, null, null);
    }

    @Override
    public String toString() {
        return "[authorization " + id + "]";
    }
}
