package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.authorizationserver.AuthorizationRequestSender.Expected;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Pushes authorization requests to the authorization server (RFC 9126). */
@ApplicationScoped
public class PushedAuthorizationEndpoint {

    private static final Duration MAX_LIFETIME = Duration.ofMinutes(10);
    private static final Expected<Pushed> CREATED = new Expected<>(201, PushedAuthorizationEndpoint::pushed);

    private final AuthorizationRequestSender sender;

    PushedAuthorizationEndpoint(AuthorizationRequestSender sender) {
        this.sender = sender;
    }

    /** @param requestUri stands for the whole request, once */
    public record Pushed(String requestUri, Duration expiresIn) {

        @Override
        public String toString() {
            return "[pushed request]";
        }
    }

    /**
     * Pushes a request. Never blocks and never completes exceptionally.
     *
     * @param parameters of the authorization request; the client's credentials are added
     */
    public CompletionStage<AuthorizationReply<Pushed>> push(
            ClientRegistration registration, URI endpoint, Map<String, String> parameters, Duration hardCap) {
        return sender.send(registration, endpoint, parameters, CREATED, hardCap);
    }

    private static Optional<Pushed> pushed(JsonNode json) {
        String requestUri = AuthorizationRequestSender.text(json, "request_uri");
        long seconds = json.path("expires_in").asLong();
        return requestUri.isBlank() || seconds <= 0
                ? Optional.empty()
                : Optional.of(new Pushed(requestUri, Duration.ofSeconds(Math.min(seconds, MAX_LIFETIME.toSeconds()))));
    }
}
