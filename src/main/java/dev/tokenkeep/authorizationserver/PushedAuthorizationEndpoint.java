package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.TokenResponseParser;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Pushes authorization requests to the authorization server (RFC 9126). */
@ApplicationScoped
public class PushedAuthorizationEndpoint {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATED = 201;
    private static final int SERVER_ERROR = 500;
    private static final int THROTTLED = 429;
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

    private final HttpSender sender;

    PushedAuthorizationEndpoint(HttpSender sender) {
        this.sender = sender;
    }

    /** How a pushed request ended. */
    public sealed interface Result {

        /** @param requestUri stands for the whole request, once */
        record Pushed(String requestUri, Duration expiresIn) implements Result {

            @Override
            public String toString() {
                return "[pushed request]";
            }
        }

        /** @param code the OAuth error code, or {@code http_405} and similar */
        record Refused(String code) implements Result {}

        /** @param retryAfter null if the server does not say */
        record Unavailable(String code, @Nullable Duration retryAfter) implements Result {}
    }

    /**
     * Pushes a request. Never blocks and never completes exceptionally.
     *
     * @param parameters of the authorization request; the client's credentials are added
     */
    public CompletionStage<Result> push(
            ClientRegistration registration, URI endpoint, Map<String, String> parameters, Duration hardCap) {
        var credentials = ClientAuthenticator.credentials(registration);
        var form = new LinkedHashMap<>(parameters);
        form.putAll(credentials.parameters());
        return sender.post(
                        registration.destination(),
                        endpoint,
                        credentials.authorizationHeader(),
                        RequestBody.of(RequestFormat.FORM, form),
                        null,
                        hardCap)
                .thenApply(PushedAuthorizationEndpoint::result);
    }

    private static Result result(HttpResult answer) {
        if (answer instanceof HttpResult.NotSent notSent) {
            return new Result.Unavailable(notSent.code(), null);
        }
        if (!(answer instanceof HttpResult.Response response)) {
            return new Result.Unavailable("no_answer", null);
        }
        if (response.status() == CREATED) {
            return created(response);
        }
        String code = TokenResponseParser.errorCode(response.contentType(), response.body())
                .orElse("http_" + response.status());
        return response.status() >= SERVER_ERROR || response.status() == THROTTLED
                ? new Result.Unavailable(code, response.retryAfter())
                : new Result.Refused(code);
    }

    private static Result created(HttpResult.Response response) {
        try {
            JsonNode json = JSON.readTree(response.body());
            String requestUri = json.path("request_uri").asText();
            long seconds = json.path("expires_in").asLong();
            if (!requestUri.isBlank() && seconds > 0) {
                Duration told = Duration.ofSeconds(Math.min(seconds, MAX_LIFETIME.toSeconds()));
                return new Result.Pushed(requestUri, told);
            }
        } catch (IOException e) {
            // The same as an answer without a request URI.
        }
        return new Result.Refused("unreadable_response");
    }
}
