package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;

/** The body that replaces a session's tokens. */
@Schema(name = "NewTokens")
record NewTokens(
        @JsonProperty("token_response") @Schema(required = true, implementation = OfTheAuthorizationServer.class)
        TokenResponse tokenResponse) {

    private static final Set<String> MEMBERS = Set.of("token_response");

    /** The OpenAPI schema of a token response. The authorization server defines it, so it may have more members. */
    @Schema(
            name = "TokenResponse",
            type = SchemaType.OBJECT,
            description = "The JSON that the authorization server returned (RFC 6749 §5.1). Other members are ignored.",
            properties = {
                @SchemaProperty(name = "refresh_token", type = SchemaType.STRING, maxLength = 65536),
                @SchemaProperty(
                        name = "access_token",
                        type = SchemaType.STRING,
                        maxLength = 65536,
                        description = "If it is missing, the session is refreshed at once"),
                @SchemaProperty(name = "token_type", type = SchemaType.STRING, description = "Bearer"),
                @SchemaProperty(
                        name = "expires_in",
                        type = SchemaType.INTEGER,
                        description = "How many seconds the access token is valid from now. If it is missing, the"
                                + " registration's default applies. It may also be a string of digits."),
                @SchemaProperty(
                        name = "expires_at",
                        type = SchemaType.STRING,
                        description = "When the access token expires: seconds since 1970, or ISO 8601. Takes precedence"
                                + " over expires_in. If the access token is a JWT with an earlier exp, exp applies."),
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
