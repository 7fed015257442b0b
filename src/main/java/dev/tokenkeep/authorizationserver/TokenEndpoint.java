package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.oauth.TokenResponseParser;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.telemetry.Traces;
import dev.tokenkeep.time.Lease;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletionStage;

/** Sends one token request (RFC 6749 §4.1.3, §6) and returns its outcome. */
@ApplicationScoped
public class TokenEndpoint {

    private final Endpoints endpoints;
    private final HttpSender sender;
    private final ClientRequests requests;
    private final TokenRequestMetrics metrics;
    private final Reachability reachability;
    private final Traces traces;

    TokenEndpoint(
            Endpoints endpoints,
            HttpSender sender,
            ClientRequests requests,
            TokenRequestMetrics metrics,
            Reachability reachability,
            Traces traces) {
        this.endpoints = endpoints;
        this.sender = sender;
        this.requests = requests;
        this.metrics = metrics;
        this.reachability = reachability;
        this.traces = traces;
    }

    /** Creates the first HTTP clients at startup. The others are created once they are needed. */
    void prepare(@Observes StartupEvent start, ClientRegistrations registrations) {
        registrations.all().stream()
                .limit(sender.loops())
                .forEach(registration -> sender.prepare(
                        registration.destination(), registration.server().address()));
    }

    /**
     * Sends the request. Never blocks and never completes exceptionally: every end is an outcome.
     *
     * @param lease nothing is sent once it has ended; checked just before the first byte
     * @param hardCap when the request is given up, counted from its first byte
     */
    public CompletionStage<TokenAnswer> send(
            ClientRegistration registration, Grant grant, Lease lease, Duration hardCap) {
        return traces.step(
                RequestSpan.TOKEN,
                SpanKind.CLIENT,
                span -> endpoints
                        .tokenEndpoint(registration, grant.isRefresh(), hardCap)
                        .thenCompose(found -> found.uri()
                                .map(uri -> sent(registration, grant, uri, lease, hardCap, span))
                                .orElseGet(found::notSent))
                        .thenApply(answer -> {
                            TokenResult outcome = outcome(registration, answer);
                            metrics.over(registration, answer);
                            reachability.note(registration, outcome);
                            RequestSpan.answered(span, registration, answer);
                            return new TokenAnswer(outcome, answer.startedNanos());
                        }),
                (span, answer) -> RequestSpan.outcome(span, answer.outcome()));
    }

    private CompletionStage<HttpResult> sent(
            ClientRegistration registration, Grant grant, URI uri, Lease lease, Duration hardCap, Span span) {
        RequestSpan.goesTo(span, uri);
        var parameters = new LinkedHashMap<String, String>(grant.parameters());
        parameters.putAll(registration.requests().parameters());
        parameters.putAll(grant.target());
        var request = new ClientRequests.Request(uri, registration.requests().format(), parameters, grant.dpopKey());
        return requests.send(registration, request, lease, hardCap);
    }

    private static TokenResult outcome(ClientRegistration registration, HttpResult answer) {
        if (answer instanceof HttpResult.Response response) {
            TokenResult outcome = TokenResponseParser.outcome(
                    registration.requests().responseShape(),
                    response.status(),
                    response.contentType(),
                    response.retryAfter(),
                    response.body());
            return outcome instanceof TokenResult.Refreshed refreshed ? refreshed.writtenAt(response.date()) : outcome;
        }
        if (answer instanceof HttpResult.Lost lost) {
            return new TokenResult.Unknown(lost.code(), null);
        }
        return new TokenResult.NotSent(((HttpResult.NotSent) answer).code());
    }
}
