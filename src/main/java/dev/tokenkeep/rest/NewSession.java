package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body that registers a session. */
@Schema(name = "NewSession")
public record NewSession(
        @JsonProperty("registration")
        @Schema(
                required = true,
                maxLength = NewSession.MAX_NAME_LENGTH,
                description = "The name of a configured client registration")
        String registration,

        @JsonProperty("subject")
        @Schema(
                required = true,
                maxLength = NewSession.MAX_SUBJECT_LENGTH,
                description = "The user of the session, named as the caller likes. Sessions can be listed and removed"
                        + " by subject.")
        String subject,

        @JsonProperty("token_response")
        @Schema(
                implementation = NewTokens.OfTheAuthorizationServer.class,
                description = "The tokens of the session; or `grant`, to have tokens asked for")
        @Nullable
        TokenResponse tokenResponse,

        @JsonProperty("grant") @Nullable NewGrant grant) {

    static final int MAX_NAME_LENGTH = 64;
    static final int MAX_SUBJECT_LENGTH = 255;

    private static final Set<String> MEMBERS = Set.of("registration", "subject", "token_response");
    private static final Set<String> OR_GRANT = Set.of("registration", "subject", "token_response", "grant");

    static NewSession read(InputStream body) {
        var members = RequestBody.read(body, OR_GRANT);
        boolean granted = members.has("grant");
        if (granted && members.has("token_response")) {
            throw RequestBody.invalid("grant", "cannot be given together with token_response.");
        }
        return of(members, granted);
    }

    /** Reads a line of an import. */
    public static NewSession readLine(byte[] line) {
        return of(RequestBody.readLine(line, MEMBERS), false);
    }

    /** @throws IllegalStateException if it has a grant */
    public TokenResponse tokens() {
        if (tokenResponse == null) {
            throw new IllegalStateException("A grant has no tokens");
        }
        return tokenResponse;
    }

    private static NewSession of(RequestBody members, boolean granted) {
        return new NewSession(
                members.text("registration", MAX_NAME_LENGTH),
                members.text("subject", MAX_SUBJECT_LENGTH),
                granted ? null : members.tokenResponse(),
                granted ? NewGrant.read(members) : null);
    }
}
