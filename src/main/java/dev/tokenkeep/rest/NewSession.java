package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body that registers a session. */
@Schema(name = "NewSession")
record NewSession(
        @JsonProperty("registration")
        @Schema(required = true, maxLength = NewSession.LONGEST_NAME, description = "A configured client registration")
        String registration,

        @JsonProperty("subject")
        @Schema(
                required = true,
                maxLength = NewSession.LONGEST_SUBJECT,
                description = "Whose session it is, in the caller's own words: what it is listed and removed by")
        String subject,

        @JsonProperty("token_response")
        @Schema(required = true, implementation = NewTokens.OfTheAuthorizationServer.class)
        TokenResponse tokenResponse) {

    static final int LONGEST_NAME = 64;
    static final int LONGEST_SUBJECT = 255;

    private static final Set<String> MEMBERS = Set.of("registration", "subject", "token_response");

    static NewSession read(InputStream body) {
        var members = RequestBody.read(body, MEMBERS);
        return new NewSession(
                members.text("registration", LONGEST_NAME),
                members.text("subject", LONGEST_SUBJECT),
                members.tokenResponse());
    }
}
