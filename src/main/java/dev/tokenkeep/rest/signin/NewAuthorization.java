package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body that begins a sign-in. */
@Schema(name = "NewAuthorization")
record NewAuthorization(
        @JsonProperty("registration")
        @Schema(
                required = true,
                maxLength = NewAuthorization.MAX_NAME_LENGTH,
                description = "The name of a client registration that is configured for this caller by name")
        String registration,

        @JsonProperty("subject")
        @Schema(
                required = true,
                maxLength = NewAuthorization.MAX_SUBJECT_LENGTH,
                description = "The user who signs in, named as the caller likes")
        String subject,

        @JsonProperty("flow")
        @Schema(
                enumeration = {"authorization_code", "device_code"},
                defaultValue = "authorization_code",
                description =
                        "authorization_code: the user signs in in this browser, which comes back. device_code: the"
                                + " user enters a code in any browser.")
        @Nullable
        String flow,

        @JsonProperty("redirect_uri")
        @Schema(
                maxLength = NewAuthorization.MAX_URI_LENGTH,
                format = "uri",
                description =
                        "For authorization_code and callers with their own callback: where the authorization server sends the browser,"
                                + " one of the caller's redirect-uris")
        @Nullable
        String redirectUri,

        @JsonProperty("return_uri")
        @Schema(
                maxLength = NewAuthorization.MAX_URI_LENGTH,
                format = "uri",
                description =
                        "For authorization_code and the hosted callback, instead of redirect_uri: where the browser goes at the end,"
                                + " one of the caller's return-uris")
        @Nullable
        String returnUri,

        @JsonProperty("scope")
        @Schema(
                maxLength = NewAuthorization.MAX_URI_LENGTH,
                description = "Space-separated; the registration's scope if it is left out")
        @Nullable
        String scope,

        @JsonProperty("parameters")
        @Schema(
                description = "Additional parameters of the authorization request, such as prompt or login_hint. The"
                        + " registration's caller-parameters lists the allowed ones.")
        Map<String, String> parameters,

        @JsonProperty("session")
        @Schema(
                maxLength = NewAuthorization.MAX_NAME_LENGTH,
                description = "The id of a session whose user signs in again. Its tokens are replaced. It must be of"
                        + " the same registration and subject.")
        @Nullable
        String session) {

    static final int MAX_NAME_LENGTH = 64;
    static final int MAX_SUBJECT_LENGTH = 255;
    static final int MAX_URI_LENGTH = 2000;

    private static final Set<String> MEMBERS =
            Set.of("registration", "subject", "flow", "redirect_uri", "return_uri", "scope", "parameters", "session");

    static NewAuthorization read(InputStream body) {
        var members = RequestBody.read(body, MEMBERS);
        return new NewAuthorization(
                members.text("registration", MAX_NAME_LENGTH),
                members.text("subject", MAX_SUBJECT_LENGTH),
                members.textOrNull("flow", MAX_NAME_LENGTH),
                members.textOrNull("redirect_uri", MAX_URI_LENGTH),
                members.textOrNull("return_uri", MAX_URI_LENGTH),
                members.textOrNull("scope", MAX_URI_LENGTH),
                members.texts("parameters", MAX_URI_LENGTH),
                members.textOrNull("session", MAX_NAME_LENGTH));
    }
}
