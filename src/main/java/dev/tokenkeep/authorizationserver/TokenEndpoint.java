package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.authorizationserver.clientauth.ClientAuthenticator;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.oauth.Secret;
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
import org.jspecify.annotations.Nullable;

/** Sends one token request (RFC 6749 §4.1.3, §6) and returns its outcome. */
@ApplicationScoped
public class TokenEndpoint {

    private final Endpoints endpoints;
    private final HttpSender sender;
    private final ClientAuthenticator clients;
    private final TokenRequestMetrics metrics;
    private final Reachability reachability;
    private final Traces traces;

    TokenEndpoint(
            Endpoints endpoints,
            HttpSender sender,
            ClientAuthenticator clients,
            TokenRequestMetrics metrics,
            Reachability reachability,
            Traces traces) {
        this.endpoints = endpoints;
        this.sender = sender;
        this.clients = clients;
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

    /** Sends a refresh request, as {@link #send} does. */
    public CompletionStage<TokenAnswer> refresh(
            ClientRegistration registration, Secret refreshToken, Lease lease, Duration hardCap) {
        return send(registration, Grant.refreshToken(refreshToken), lease, hardCap);
    }

    /** Sends a request as the client itself, as {@link #send} does. */
    public CompletionStage<TokenAnswer> clientCredentials(
            ClientRegistration registration, @Nullable String scope, Lease lease, Duration hardCap) {
        return send(registration, Grant.clientCredentials(scope), lease, hardCap);
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
                        .tokenEndpoint(registration, hardCap)
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
        var credentials = clients.credentials(registration, uri);
        var parameters = new LinkedHashMap<String, String>(grant.parameters());
        parameters.putAll(credentials.parameters());
        parameters.putAll(registration.requests().parameters());
        return sender.post(
                registration.destination(),
                uri,
                credentials.authorizationHeader(),
                RequestBody.of(registration.requests().format(), parameters),
                lease,
                hardCap);
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
