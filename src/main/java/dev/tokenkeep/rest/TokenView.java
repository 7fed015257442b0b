package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.tokenkeep.AccessToken;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An access token as it is answered. */
@RegisterForReflection
@Schema(name = "AccessToken")
@JsonSerialize(using = TokenSerializer.class)
record TokenView(
        @JsonProperty("access_token") @Schema(required = true)
        String accessToken,

        @JsonProperty("token_type") @Schema(required = true, description = "As the authorization server spelled it")
        String tokenType,

        @JsonProperty("expires_in")
        @Schema(
                required = true,
                description = "Its true remaining lifetime in whole seconds, rounded down, when it was answered")
        long expiresIn,

        @JsonProperty("scope") @Schema(description = "Granted, space-separated; absent if never told") @Nullable
        String scope,

        @JsonProperty("version")
        @Schema(required = true, description = "Grows with every refresh; what if_version of a forced refresh means")
        long version,

        @JsonProperty("status")
        @Schema(
                required = true,
                description =
                        "Of the session: ACTIVE, or why no token follows this one until its user signs in again or acts")
        String status) {

    static TokenView of(AccessToken token) {
        return new TokenView(
                token.value(),
                token.tokenType(),
                token.expiresIn().toSeconds(),
                token.scope(),
                token.version(),
                token.status().name());
    }

    @Override
    public String toString() {
        return "TokenView[version=" + version + "]";
    }
}
