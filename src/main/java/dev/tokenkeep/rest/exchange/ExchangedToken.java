package dev.tokenkeep.rest.exchange;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.AccessToken;
import dev.tokenkeep.session.TokenSet;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * The response (RFC 8693 §2.2.1). It never has a refresh token.
 *
 * @param expiresIn null if the authorization server has never told a lifetime
 */
@RegisterForReflection
record ExchangedToken(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("issued_token_type") String issuedTokenType,
        @JsonProperty("token_type") String tokenType,

        @JsonProperty("expires_in") @Nullable Long expiresIn,

        @JsonProperty("scope") @Nullable String scope) {

    static ExchangedToken of(AccessToken token) {
        return new ExchangedToken(
                token.value(),
                ExchangeRequest.ACCESS_TOKEN,
                token.tokenType(),
                TokenSet.AccessToken.isUnending(token.expiresIn())
                        ? null
                        : token.expiresIn().toSeconds(),
                token.scope());
    }

    @Override
    public String toString() {
        return "[exchanged token]";
    }
}
