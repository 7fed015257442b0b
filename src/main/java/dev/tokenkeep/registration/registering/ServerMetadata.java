package dev.tokenkeep.registration.registering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tokenkeep.authorizationserver.metadata.MetadataEndpoint;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What an authorization server's metadata (RFC 8414 §2) says about its clients.
 *
 * @param registration where clients are registered; empty if that is not said, or if nothing may be sent there
 * @param hasTokenEndpoint whether it has one that may be used
 * @param hasDeviceGrant whether it has an endpoint for the device grant
 * @param methods how clients may authenticate; empty if that is not said
 */
record ServerMetadata(
        Optional<URI> registration, boolean hasTokenEndpoint, boolean hasDeviceGrant, Set<String> methods) {

    static final ServerMetadata NONE = of(MissingNode.getInstance());

    static ServerMetadata of(JsonNode json) {
        var methods = new HashSet<String>();
        json.path("token_endpoint_auth_methods_supported").forEach(method -> methods.add(method.asText()));
        return new ServerMetadata(
                MetadataEndpoint.of(json, "registration_endpoint"),
                MetadataEndpoint.of(json, "token_endpoint").isPresent(),
                MetadataEndpoint.of(json, "device_authorization_endpoint").isPresent(),
                Set.copyOf(methods));
    }

    boolean takes(ClientAuthenticationMethod method) {
        return methods.isEmpty() || methods.contains(method.registeredName());
    }
}
