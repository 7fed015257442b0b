package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body that confirms a sign-in. */
@Schema(name = "AuthorizationConfirmation")
record AuthorizationConfirmation(
        @JsonProperty("confirmation")
        @Schema(
                required = true,
                implementation = String.class,
                maxLength = AuthorizationConfirmation.MAX_LENGTH,
                description = "What the browser brought to the return URI")
        Secret confirmation,

        @JsonProperty("subject")
        @Schema(
                required = true,
                maxLength = NewAuthorization.MAX_SUBJECT_LENGTH,
                description = "The user who is signed in at your service in this browser. It must be the user for whom"
                        + " the sign-in was begun.")
        String subject) {

    static final int MAX_LENGTH = 128;

    private static final Set<String> MEMBERS = Set.of("confirmation", "subject");

    static AuthorizationConfirmation read(InputStream body) {
        var members = RequestBody.read(body, MEMBERS);
        return new AuthorizationConfirmation(
                Secret.of(members.text("confirmation", MAX_LENGTH)),
                members.text("subject", NewAuthorization.MAX_SUBJECT_LENGTH));
    }
}
