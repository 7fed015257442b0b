package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body that completes a sign-in. */
@Schema(name = "AuthorizationCallback")
record AuthorizationCallback(
        @JsonProperty("callback")
        @Schema(
                required = true,
                maxLength = AuthorizationCallback.MAX_LENGTH,
                format = "uri",
                description = "The whole address that the browser came to: the redirect URI with the query that the"
                        + " authorization server added. If the authorization server posts a form instead, append the"
                        + " form to the redirect URI as its query.")
        String callback) {

    static final int MAX_LENGTH = 16 * 1024;

    private static final Set<String> MEMBERS = Set.of("callback");

    static AuthorizationCallback read(InputStream body) {
        return new AuthorizationCallback(RequestBody.read(body, MEMBERS).text("callback", MAX_LENGTH));
    }

    @Override
    public String toString() {
        return "[callback]";
    }
}
