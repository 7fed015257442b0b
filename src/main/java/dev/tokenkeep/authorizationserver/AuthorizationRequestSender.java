package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.authorizationserver.ClientRequests.Request;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Sends the requests that prepare sign-ins. They get no tokens, so they may be repeated. */
@ApplicationScoped
class AuthorizationRequestSender {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SERVER_ERROR = 500;
    private static final int THROTTLED = 429;

    private final ClientRequests requests;
    private final Traces traces;

    AuthorizationRequestSender(ClientRequests requests, Traces traces) {
        this.requests = requests;
        this.traces = traces;
    }

    /**
     * What makes a response a good one.
     *
     * @param read returns empty if something is missing
     */
    record Expected<T>(int status, Function<JsonNode, Optional<T>> read) {}

    /**
     * Sends a request. Never blocks and never completes exceptionally.
     *
     * @param parameters the client's credentials are added
     */
    <T> CompletionStage<AuthorizationReply<T>> send(
            ClientRegistration registration,
            URI endpoint,
            Map<String, String> parameters,
            Expected<T> expected,
            Duration hardCap) {
        return traces.step(
                RequestSpan.AUTHORIZATION,
                SpanKind.CLIENT,
                span -> {
                    RequestSpan.goesTo(span, endpoint);
                    return requests.send(registration, Request.form(endpoint, parameters), null, hardCap)
                            .thenApply(answer -> {
                                RequestSpan.answered(span, registration, answer);
                                return reply(answer, expected);
                            });
                },
                RequestSpan::outcome);
    }

    private static <T> AuthorizationReply<T> reply(HttpResult answer, Expected<T> expected) {
        if (answer instanceof HttpResult.NotSent notSent) {
            return new AuthorizationReply.Unavailable<>(notSent.code(), null);
        }
        if (!(answer instanceof HttpResult.Response response)) {
            return new AuthorizationReply.Unavailable<>("no_answer", null);
        }
        if (response.status() == expected.status()) {
            return read(response, expected);
        }
        String code = response.errorCode().orElse("http_" + response.status());
        return response.status() >= SERVER_ERROR || response.status() == THROTTLED
                ? new AuthorizationReply.Unavailable<>(code, response.retryAfter())
                : new AuthorizationReply.Refused<>(code);
    }

    private static <T> AuthorizationReply<T> read(HttpResult.Response response, Expected<T> expected) {
        Optional<T> value = Optional.empty();
        try {
            value = expected.read().apply(JSON.readTree(response.body()));
        } catch (IOException e) {
            // The same as an answer in which something is missing.
        }
        return value.<AuthorizationReply<T>>map(AuthorizationReply.Accepted::new)
                .orElse(new AuthorizationReply.Refused<>("unreadable_response"));
    }

    /** Returns a member of a response; empty if it is missing or not a string. */
    static String text(JsonNode json, String member) {
        return Objects.requireNonNullElse(json.path(member).textValue(), "");
    }
}
