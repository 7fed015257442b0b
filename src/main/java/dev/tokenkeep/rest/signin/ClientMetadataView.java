package dev.tokenkeep.rest.signin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.ConnectAddress;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client's metadata (RFC 7591 §2). */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ClientMetadataView(
        @JsonProperty("client_id") String clientId,
        @JsonProperty("redirect_uris") List<String> redirectUris,
        @JsonProperty("grant_types") List<String> grantTypes,
        @JsonProperty("token_endpoint_auth_method") String method,

        @JsonProperty("jwks_uri") @Nullable String jwks,

        @JsonProperty("scope") @Nullable String scope,

        @JsonProperty("dpop_bound_access_tokens") @Nullable Boolean dpop) {

    static ClientMetadataView of(ClientRegistration registration, ConnectAddress addresses) {
        ClientRegistration.Client client = registration.client();
        boolean signs = client.authentication() == ClientAuthenticationMethod.PRIVATE_KEY_JWT;
        return new ClientMetadataView(
                client.id(),
                List.of(addresses.callback(registration.name())),
                Stream.concat(
                                Stream.of("authorization_code", "refresh_token"),
                                registration.requests().grants().stream()
                                        .map(ClientGrant::type)
                                        .sorted())
                        .toList(),
                client.authentication().registeredName(),
                signs ? addresses.jwks(registration.name()) : null,
                registration.signIn().scope(),
                registration.accessTokens().dpop().isOn() ? true : null);
    }
}
