package dev.tokenkeep.registration.registering;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.ClientRegistration;

/** Says to an authorization server what a client is (RFC 7591 §2). */
final class ClientMetadata {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private ClientMetadata() {}

    /** @param registration with another client in the place of the new one */
    static RequestBody of(
            NewClient client,
            ClientRegistration registration,
            ClientAuthenticationMethod method,
            ServerMetadata server) {
        ObjectNode metadata = JSON.createObjectNode();
        metadata.put("client_name", client.name());
        if (client.redirectUri() != null) {
            metadata.putArray("redirect_uris").add(client.redirectUri());
        }
        ArrayNode grants =
                metadata.putArray("grant_types").add("authorization_code").add("refresh_token");
        if (server.hasDeviceGrant() || registration.signIn().deviceAuthorizationEndpoint() != null) {
            grants.add(DEVICE_GRANT);
        }
        registration.requests().grants().stream()
                .map(ClientGrant::type)
                .sorted()
                .forEach(grants::add);
        metadata.putArray("response_types").add("code");
        // Not that of the settings: Keycloak refuses openid here, and then leaves out its usual scopes.
        if (client.scope() != null) {
            metadata.put("scope", client.scope());
        }
        metadata.put("token_endpoint_auth_method", method.registeredName());
        if (registration.accessTokens().dpop().isOn()) {
            // RFC 9449 §5.2.
            metadata.put("dpop_bound_access_tokens", true);
        }
        return new RequestBody(RequestFormat.JSON, metadata.toString());
    }
}
