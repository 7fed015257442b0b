package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;

/** The body that brings a session new tokens. */
@Schema(name = "NewTokens")
record NewTokens(
        @JsonProperty("token_response") @Schema(required = true, implementation = OfTheAuthorizationServer.class)
        TokenResponse tokenResponse) {

    private static final Set<String> MEMBERS = Set.of("token_response");

    /** What the document says of token responses: they are not ours, and may have more members. */
    @Schema(
            name = "TokenResponse",
            type = SchemaType.OBJECT,
            description = "The authorization server's own JSON (RFC 6749 §5.1). Further members are ignored.",
            requiredProperties = "refresh_token",
            properties = {
                @SchemaProperty(name = "refresh_token", type = SchemaType.STRING, maxLength = 65536),
                @SchemaProperty(
                        name = "access_token",
                        type = SchemaType.STRING,
                        maxLength = 65536,
                        description = "Without it the session is refreshed at once"),
                @SchemaProperty(name = "token_type", type = SchemaType.STRING, description = "Bearer"),
                @SchemaProperty(
                        name = "expires_in",
                        type = SchemaType.INTEGER,
                        description = "Seconds that the access token lives from now; the registration's default if"
                                + " absent. A string of digits will do."),
                @SchemaProperty(
                        name = "expires_at",
                        type = SchemaType.STRING,
                        description = "When the access token's life ends, before expires_in: seconds since 1970, or ISO"
                                + " 8601. It ends no later than a JWT's exp."),
                @SchemaProperty(
                        name = "scope",
                        type = SchemaType.STRING,
                        maxLength = 4096,
                        description = "Space-separated"),
                @SchemaProperty(name = "id_token", type = SchemaType.STRING, maxLength = 65536)
            })
    interface OfTheAuthorizationServer {}

    static NewTokens read(InputStream body) {
        return new NewTokens(RequestBody.read(body, MEMBERS).tokenResponse());
    }
}
