package dev.tokenkeep.signin;

import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.FormEncoding;
import dev.tokenkeep.oauth.S256;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters with which a user is sent to the authorization server (RFC 6749 §4.1.1, RFC 7636 §4.3). */
final class AuthorizationRequest {

    private final ClientRegistration registration;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    /** @param callers what the caller may set, checked */
    AuthorizationRequest(ClientRegistration registration, Asked asked, Secrets secrets, Map<String, String> callers) {
        this.registration = registration;
        parameters.put("response_type", "code");
        parameters.put(
                registration.client().idParameter(), registration.client().id());
        parameters.put("redirect_uri", asked.redirectUri());
        if (asked.scope() != null) {
            parameters.put("scope", asked.scope());
        }
        parameters.put("state", secrets.state().reveal());
        parameters.put("code_challenge", S256.of(secrets.verifier().reveal()));
        // Never "plain" (CONFORMANCE H1).
        parameters.put("code_challenge_method", "S256");
        if (secrets.nonce() != null) {
            parameters.put("nonce", secrets.nonce().reveal());
        }
        if (secrets.dpopKey() != null) {
            // The code is then only good with this key (RFC 9449 §10, CONFORMANCE G13).
            parameters.put("dpop_jkt", DpopKey.ofJwk(secrets.dpopKey()).thumbprint());
        }
        parameters.putAll(registration.signIn().parameters());
        parameters.putAll(callers);
    }

    /** Returns all parameters, to be pushed. */
    Map<String, String> parameters() {
        return parameters;
    }

    /** Returns the address for the browser. */
    URI uri(URI endpoint) {
        return withQuery(endpoint, parameters);
    }

    /** Returns the address for the browser once the request was pushed (RFC 9126 §4). */
    URI uri(URI endpoint, String requestUri) {
        var pushed = new LinkedHashMap<String, String>();
        pushed.put(registration.client().idParameter(), registration.client().id());
        pushed.put("request_uri", requestUri);
        return withQuery(endpoint, pushed);
    }

    /** Keeps a query that the endpoint has (RFC 6749 §3.1). */
    private static URI withQuery(URI endpoint, Map<String, String> parameters) {
        return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + FormEncoding.of(parameters));
    }
}
