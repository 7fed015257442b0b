package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tokenkeep.authorizationserver.metadata.MetadataEndpoint;
import java.net.URI;
import java.util.Optional;

/**
 * What an issuer's metadata says (RFC 8414 §2), or why there is none.
 *
 * @param code why nothing was found
 * @param detail more about it for the log; may be empty
 * @param nanos the ticker's reading when the result was known
 */
record IssuerMetadata(
        boolean found,
        Optional<URI> tokenEndpoint,
        Optional<URI> revocationEndpoint,
        Optional<URI> jwks,
        SignIn signIn,
        String code,
        String detail,
        long nanos) {

    /**
     * What a sign-in needs.
     *
     * @param deviceAuthorization the endpoint for the device grant (RFC 8628 §4)
     * @param pushedRequests the endpoint for pushed authorization requests (RFC 9126 §5)
     * @param pushedOnly whether every authorization request must be pushed
     * @param signedOnly whether every authorization request must be a signed JWT (RFC 9101 §10.5)
     * @param namesIssuer whether authorization responses have {@code iss} (RFC 9207 §3)
     */
    record SignIn(
            Optional<URI> authorizationEndpoint,
            Optional<URI> deviceAuthorization,
            Optional<URI> pushedRequests,
            boolean pushedOnly,
            boolean signedOnly,
            boolean namesIssuer) {

        static final SignIn NONE =
                new SignIn(Optional.empty(), Optional.empty(), Optional.empty(), false, false, false);
    }

    static IssuerMetadata failed(String code, String detail, long nanos) {
        return new IssuerMetadata(
                false, Optional.empty(), Optional.empty(), Optional.empty(), SignIn.NONE, code, detail, nanos);
    }

    /**
     * Reads a server's metadata.
     *
     * @param mutualTls whether the client shows a certificate: then the endpoints for such clients come first
     */
    static IssuerMetadata of(JsonNode json, boolean mutualTls, long nanos) {
        JsonNode own = mutualTls ? json.path("mtls_endpoint_aliases") : MissingNode.getInstance();
        return new IssuerMetadata(
                true,
                endpoint(own, json, "token_endpoint"),
                endpoint(own, json, "revocation_endpoint"),
                MetadataEndpoint.of(json, "jwks_uri"),
                new SignIn(
                        MetadataEndpoint.of(json, "authorization_endpoint"),
                        endpoint(own, json, "device_authorization_endpoint"),
                        endpoint(own, json, "pushed_authorization_request_endpoint"),
                        json.path("require_pushed_authorization_requests").asBoolean(),
                        json.path("require_signed_request_object").asBoolean(),
                        json.path("authorization_response_iss_parameter_supported")
                                .asBoolean()),
                "discovered",
                "",
                nanos);
    }

    /** Reads an endpoint for clients that show a certificate, or else the one for all (RFC 8705 §5). */
    private static Optional<URI> endpoint(JsonNode own, JsonNode all, String member) {
        return MetadataEndpoint.of(own, member).or(() -> MetadataEndpoint.of(all, member));
    }
}
