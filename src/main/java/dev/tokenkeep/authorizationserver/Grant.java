package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token request asks with. It holds secrets, so {@link #toString()} prints none of it.
 *
 * @param parameters in the order in which they are sent
 * @param dpopKey what the tokens are bound to (RFC 9449); null for nothing
 * @param target the parameters that say what the tokens are for. They replace those of the registration
 */
public record Grant(
        Map<String, String> parameters, @Nullable DpopKey dpopKey, Map<String, String> target) {

    public static Grant refreshToken(Secret refreshToken) {
        return of("refresh_token", Map.of("refresh_token", refreshToken.reveal()));
    }

    /**
     * Asks with an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5).
     *
     * @param redirectUri to the letter as in the authorization request
     */
    public static Grant authorizationCode(Secret code, String redirectUri, Secret verifier) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("code", code.reveal());
        // OAuth 2.1 leaves it out, but servers of RFC 6749 refuse a request without it (CONFORMANCE H5).
        parameters.put("redirect_uri", redirectUri);
        parameters.put("code_verifier", verifier.reveal());
        return of("authorization_code", parameters);
    }

    /** Asks as the client itself (RFC 6749 §4.4). */
    public static Grant clientCredentials(@Nullable String scope) {
        return of("client_credentials", scope == null ? Map.of() : Map.of("scope", scope));
    }

    /** Asks whether the user has signed in elsewhere (RFC 8628 §3.4). */
    public static Grant deviceCode(Secret deviceCode) {
        return of("urn:ietf:params:oauth:grant-type:device_code", Map.of("device_code", deviceCode.reveal()));
    }

    /** @param own its parameters, without {@code grant_type} */
    public static Grant of(String type, Map<String, String> own) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("grant_type", type);
        parameters.putAll(own);
        return new Grant(parameters, null, Map.of());
    }

    boolean isRefresh() {
        return parameters.containsKey("refresh_token");
    }

    /** @param key the text of a {@link DpopKey}; null for none */
    public Grant boundTo(@Nullable Secret key) {
        return new Grant(parameters, key == null ? null : DpopKey.ofJwk(key), target);
    }

    /** @param parameters such as {@code resource} and {@code audience} (RFC 8707) */
    public Grant forTarget(Map<String, String> parameters) {
        return new Grant(this.parameters, dpopKey, parameters);
    }

    @Override
    public String toString() {
        return "[grant]";
    }
}
