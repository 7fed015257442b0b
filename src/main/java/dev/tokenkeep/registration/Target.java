package dev.tokenkeep.registration;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A resource server for which sessions get separate access tokens (RFC 8707).
 *
 * @param name how callers name it
 * @param via how its access tokens are got
 * @param scope what is asked for; null for what the authorization server gives by itself
 * @param resource the address of the resource server (RFC 8707 §2); null if it is not named so
 * @param audience the name of the resource server, where authorization servers want one; null if it is not named so
 * @param expectedAudience the audience that its access token must have if it is a JWT; null if any will do
 */
public record Target(
        String name,
        Via via,
        @Nullable String scope,
        @Nullable URI resource,
        @Nullable String audience,
        @Nullable String expectedAudience) {

    public static final int MAX_NAME_LENGTH = 64;

    /** How an access token for a target is got. */
    public enum Via {
        /** By a refresh with the session's refresh token (RFC 6749 §6). */
        REFRESH("refresh"),
        /** By an exchange of the session's access token (RFC 8693). The refresh token is not used. */
        TOKEN_EXCHANGE("token_exchange"),
        /** Entra's exchange of the session's access token. The refresh token is not used. */
        ON_BEHALF_OF("on_behalf_of");

        private final String configured;

        Via(String configured) {
            this.configured = configured;
        }

        public static Optional<Via> of(String configured) {
            return Arrays.stream(values())
                    .filter(via -> via.configured.equals(configured))
                    .findFirst();
        }

        public static String names() {
            return Arrays.stream(values()).map(via -> via.configured).collect(Collectors.joining(", "));
        }
    }

    /** Returns a text that changes with what its access tokens are for. */
    public String settings() {
        return name + "\n" + via + "\n" + parameters() + "\n" + expectedAudience;
    }

    /** Returns the parameters that name it in a token request. */
    public Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        if (scope != null) {
            parameters.put("scope", scope);
        }
        if (resource != null) {
            parameters.put("resource", resource.toString());
        }
        if (audience != null) {
            parameters.put("audience", audience);
        }
        return parameters;
    }
}
