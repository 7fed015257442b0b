package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.tokenkeep.AccessToken;
import dev.tokenkeep.session.TokenSet;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An access token as the API returns it. */
@RegisterForReflection
@Schema(name = "AccessToken")
@JsonSerialize(using = TokenSerializer.class)
record TokenView(
        @JsonProperty("access_token") @Schema(required = true)
        String accessToken,

        @JsonProperty("token_type") @Schema(required = true, description = "As the authorization server wrote it")
        String tokenType,

        @JsonProperty("expires_in")
        @Schema(
                description = "The remaining lifetime when the response was written, in whole seconds, rounded down;"
                        + " absent if the authorization server has never told one and the session has no refresh token")
        @Nullable
        Long expiresIn,

        @JsonProperty("scope")
        @Schema(description = "The granted scope, space-separated; absent if it is not known")
        @Nullable
        String scope,

        @JsonProperty("version")
        @Schema(
                required = true,
                description =
                        "Increases with every new access token of the session, or of the target; the value for if_version of a"
                                + " forced refresh")
        long version,

        @JsonProperty("status")
        @Schema(
                required = true,
                description =
                        "Status of the session: ACTIVE, or why no new token follows until the user signs in or acts")
        String status,

        @JsonProperty("cnf")
        @Schema(
                description =
                        "What the token is bound to (RFC 8705 §3.1); absent unless the token is a JWT that says that"
                                + " it is bound to a certificate")
        @Nullable
        Confirmation cnf) {

    /** The certificate to present the token with. */
    @RegisterForReflection
    @Schema(name = "Confirmation")
    record Confirmation(
            @JsonProperty("x5t#S256")
            @Schema(required = true, description = "The SHA-256 thumbprint of the certificate, in base64url")
            String thumbprint) {}

    static TokenView of(AccessToken token) {
        return new TokenView(
                token.value(),
                token.tokenType(),
                TokenSet.AccessToken.isUnending(token.expiresIn())
                        ? null
                        : token.expiresIn().toSeconds(),
                token.scope(),
                token.version(),
                token.status().name(),
                token.certificateThumbprint().map(Confirmation::new).orElse(null));
    }

    @Override
    public String toString() {
        return "TokenView[version=" + version + "]";
    }
}
