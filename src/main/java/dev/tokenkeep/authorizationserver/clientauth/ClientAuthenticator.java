package dev.tokenkeep.authorizationserver.clientauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.registration.BasicCredentials;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistration.Client;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Puts the client's credentials where its authentication method wants them (RFC 6749 §2.3.1, RFC 7523 §2.2, RFC 8705
 * §2), and nowhere else. Every request gets credentials of its own, because a JWT may be used once (CONFORMANCE G3).
 */
@Singleton
public class ClientAuthenticator {

    private final ClientAssertions assertions;

    ClientAuthenticator(ClientAssertions assertions) {
        this.assertions = assertions;
    }

    /**
     * Credentials of one request.
     *
     * @param parameters for the body
     */
    public record Credentials(Map<String, String> headers, Map<String, String> parameters) {

        @Override
        public String toString() {
            return "[credentials]";
        }
    }

    /**
     * Returns credentials at once, or later if the client's key signs elsewhere. Never blocks and never completes
     * exceptionally.
     *
     * @param endpoint where the request goes
     * @return empty if the client's key cannot sign now
     */
    public CompletionStage<Optional<Credentials>> credentials(ClientRegistration registration, URI endpoint) {
        Client client = registration.client();
        var parameters = new LinkedHashMap<String, String>();
        if (client.authentication() != ClientAuthenticationMethod.CLIENT_SECRET_BASIC
                || client.basic() != BasicCredentials.SECRET_ALONE) {
            // With Basic too, as Auth0's own sample sends it (CONFORMANCE B1).
            parameters.put(client.idParameter(), client.id());
        }
        var headers = new LinkedHashMap<String, String>();
        switch (client.authentication()) {
            case CLIENT_SECRET_BASIC -> headers.put("Authorization", basic(client));
            case CLIENT_SECRET_POST -> parameters.put("client_secret", secret(client));
            case CLIENT_SECRET_JWT, PRIVATE_KEY_JWT -> {
                return assertions
                        .sign(client, endpoint)
                        .thenApply(signed -> signed.map(assertion -> {
                            parameters.put("client_assertion_type", ClientAssertions.TYPE);
                            parameters.put("client_assertion", assertion);
                            return new Credentials(headers, parameters);
                        }));
            }
            case TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH, NONE -> {
                // The id is all. A certificate is shown by the connection (RFC 8705 §2).
            }
        }
        return CompletableFuture.completedFuture(Optional.of(new Credentials(headers, parameters)));
    }

    private static String basic(Client client) {
        String credentials = switch (client.basic()) {
            case ENCODED -> encoded(client.id()) + ":" + encoded(secret(client));
            case RAW -> client.id() + ":" + secret(client);
            case ID_ALONE -> encoded(client.id()) + ":";
            case SECRET_ALONE -> encoded(secret(client)) + ":";
        };
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    private static String secret(Client client) {
        return Objects.requireNonNull(client.secret()).reveal();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
