package dev.tokenkeep.rest.exchange;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.Signatures;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** The metadata of the token endpoint (RFC 8414 §2). */
@RegisterForReflection
public record ServerMetadata(
        @JsonProperty("issuer") String issuer,
        @JsonProperty("token_endpoint") String tokenEndpoint,
        @JsonProperty("grant_types_supported") List<String> grantTypes,
        @JsonProperty("response_types_supported") List<String> responseTypes,

        @JsonProperty("token_endpoint_auth_methods_supported")
        List<String> methods,

        @JsonProperty("token_endpoint_auth_signing_alg_values_supported")
        List<String> algorithms) {

    static ServerMetadata of(String issuer) {
        return new ServerMetadata(
                issuer,
                issuer + TokenEndpoint.PATH,
                List.of(ExchangeRequest.GRANT_TYPE),
                // There is no authorization endpoint, but the member is required.
                List.of(),
                List.of("private_key_jwt"),
                Signatures.ALGORITHMS.stream().sorted().toList());
    }
}
