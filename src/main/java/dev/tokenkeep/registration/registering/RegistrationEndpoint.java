package dev.tokenkeep.registration.registering;

import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpDestination;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponseParser;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sends one request that registers a client (RFC 7591 §3). It is not repeated: a second one would make a second client. */
@ApplicationScoped
class RegistrationEndpoint {

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int THROTTLED = 429;
    private static final int SERVER_ERROR = 500;

    private final HttpSender sender;

    RegistrationEndpoint(HttpSender sender) {
        this.sender = sender;
    }

    /** How the authorization server answered. */
    sealed interface Reply {

        record Registered(IssuedClient client) implements Reply {}

        /** Nothing was sent: the address is not public. */
        record NotAllowed() implements Reply {}

        record Failed(ClientRegistrationResult why) implements Reply {}
    }

    /**
     * Sends the request. Never blocks and never completes exceptionally.
     *
     * @param initialAccessToken null for none
     */
    CompletionStage<Reply> register(
            ClientRegistration registration,
            URI endpoint,
            @Nullable Secret initialAccessToken,
            RequestBody metadata,
            Duration hardCap) {
        Map<String, String> headers = initialAccessToken == null
                ? Map.of()
                : Map.of("Authorization", "Bearer " + initialAccessToken.reveal());
        return sender.post(destination(registration), endpoint, headers, metadata, null, hardCap)
                .thenApply(RegistrationEndpoint::reply);
    }

    /** Without the headers of token requests: they may be secrets of a provider, and the caller may have chosen where. */
    private static HttpDestination destination(ClientRegistration registration) {
        HttpDestination usual = registration.destination();
        return new HttpDestination(
                usual.name(),
                usual.tlsConfiguration(),
                usual.proxy(),
                Map.of(),
                usual.mostRequests(),
                usual.onlyPublic());
    }

    private static Reply reply(HttpResult result) {
        if (result instanceof HttpResult.NotSent notSent) {
            return notSent.code().equals(ConnectFailure.ADDRESS_NOT_ALLOWED)
                    ? new Reply.NotAllowed()
                    : unavailable(notSent.code(), null);
        }
        if (result instanceof HttpResult.Lost lost) {
            return unavailable(lost.code(), null);
        }
        var response = (HttpResult.Response) result;
        if (response.status() == CREATED || response.status() == OK) {
            return IssuedClient.read(response.body())
                    .<Reply>map(Reply.Registered::new)
                    .orElse(new Reply.Failed(new ClientRegistrationResult.Refused("unreadable_response")));
        }
        String code = TokenResponseParser.errorCode(response.contentType(), response.body())
                .orElse("http_" + response.status());
        return response.status() >= SERVER_ERROR || response.status() == THROTTLED
                ? unavailable(code, response.retryAfter())
                : new Reply.Failed(new ClientRegistrationResult.Refused(code));
    }

    private static Reply unavailable(String code, @Nullable Duration retryAfter) {
        return new Reply.Failed(new ClientRegistrationResult.Unavailable(code, retryAfter));
    }
}
