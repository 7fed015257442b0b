package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.problem.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Base64;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An ID token and its claims. */
@RegisterForReflection
@Schema(name = "IdToken")
record IdTokenView(
        @JsonProperty("id_token") @Schema(required = true, description = "The JWT that the authorization server issued")
        String idToken,

        @JsonProperty("claims")
        @Schema(
                implementation = Object.class,
                description = "The decoded payload. Neither the signature nor the expiry was checked, because the ID"
                        + " token came from the token endpoint itself. Absent if the payload cannot be read, for"
                        + " example because the ID token is encrypted.")
        @Nullable
        JsonNode claims) {

    private static final int PARTS_OF_A_SIGNED_JWT = 3;

    static IdTokenView of(Secret idToken) {
        String token = idToken.reveal();
        return new IdTokenView(token, claims(token));
    }

    private static @Nullable JsonNode claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS_OF_A_SIGNED_JWT) {
            return null;
        }
        try {
            JsonNode payload = Json.read(Base64.getUrlDecoder().decode(parts[1]));
            return payload.isObject() ? payload : null;
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "IdTokenView[]";
    }
}
