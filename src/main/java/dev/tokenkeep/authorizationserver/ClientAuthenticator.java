package dev.tokenkeep.authorizationserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.registration.ClientRegistration;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the client's credentials where its authentication method wants them (RFC 6749 §2.3.1), and nowhere else. */
final class ClientAuthenticator {

    private ClientAuthenticator() {}

    /**
     * Credentials of one request.
     *
     * @param authorizationHeader null unless the method uses the header
     * @param parameters for the body
     */
    record Credentials(@Nullable String authorizationHeader, Map<String, String> parameters) {

        @Override
        public String toString() {
            return "[credentials]";
        }
    }

    static Credentials credentials(ClientRegistration registration) {
        var parameters = new LinkedHashMap<String, String>();
        // With Basic too, as Auth0's own sample sends it (CONFORMANCE B1).
        parameters.put("client_id", registration.client().id());
        return switch (registration.client().authentication()) {
            case CLIENT_SECRET_BASIC -> new Credentials(basic(registration), parameters);
            case CLIENT_SECRET_POST -> {
                parameters.put("client_secret", secret(registration));
                yield new Credentials(null, parameters);
            }
            case NONE -> new Credentials(null, parameters);
        };
    }

    private static String basic(ClientRegistration registration) {
        String id = registration.client().id();
        String secret = secret(registration);
        String credentials =
                registration.client().rawCredentials() ? id + ":" + secret : encoded(id) + ":" + encoded(secret);
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    private static String secret(ClientRegistration registration) {
        return Objects.requireNonNull(registration.client().secret()).reveal();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
