package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.authorizationserver.clientauth.ClientAuthenticator;
import dev.tokenkeep.authorizationserver.clientauth.ClientAuthenticator.Credentials;
import dev.tokenkeep.authorizationserver.clientauth.DpopNonces;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests for which a client authenticates. A server that wants a nonce in the DPoP proof has not processed
 * the request, so it is sent once more (RFC 9449 §8).
 */
@Singleton
class ClientRequests {

    private static final String NONCE_WANTED = "use_dpop_nonce";

    private final HttpSender sender;
    private final ClientAuthenticator clients;
    private final DpopNonces nonces;
    private final Workers workers;
    private final Clock clock;
    private final Ticker ticker;

    ClientRequests(
            HttpSender sender,
            ClientAuthenticator clients,
            DpopNonces nonces,
            Workers workers,
            Clock clock,
            Ticker ticker) {
        this.sender = sender;
        this.clients = clients;
        this.nonces = nonces;
        this.workers = workers;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * A request, without the credentials of its client.
     *
     * @param dpopKey what the tokens that it asks for are bound to; null for nothing
     */
    record Request(
            URI endpoint,
            RequestFormat format,
            Map<String, String> parameters,
            @Nullable DpopKey dpopKey) {

        static Request form(URI endpoint, Map<String, String> parameters) {
            return new Request(endpoint, RequestFormat.FORM, parameters, null);
        }

        @Override
        public String toString() {
            return "[request]";
        }
    }

    /**
     * Sends a request. Never blocks and never completes exceptionally.
     *
     * @param lease of a token request: nothing is sent once it has ended; null for other requests
     * @param hardCap from the first byte to the complete response, of the second request too if there is one, and the time
     *     of signatures that are made elsewhere
     */
    CompletionStage<HttpResult> send(
            ClientRegistration registration, Request request, @Nullable Lease lease, Duration hardCap) {
        return sendOnce(registration, request, nonces.of(request.endpoint()), lease, hardCap)
                .thenCompose(first -> {
                    String nonce = request.dpopKey() == null ? null : wantedNonce(first);
                    return nonce == null
                            ? CompletableFuture.completedFuture(first)
                            : sendAgain(registration, request, nonce, lease, first, hardCap);
                });
    }

    /** Not on the event loop of the response, which has the requests of others: two signatures take milliseconds. */
    private CompletionStage<HttpResult> sendAgain(
            ClientRegistration registration,
            Request request,
            String nonce,
            @Nullable Lease lease,
            HttpResult first,
            Duration hardCap) {
        Supplier<CompletionStage<HttpResult>> second = () -> {
            Duration rest = hardCap.minusNanos(ticker.nanos() - first.startedNanos());
            return rest.isNegative()
                    ? CompletableFuture.completedFuture(first)
                    : sendOnce(registration, request, nonce, lease, rest);
        };
        try {
            return CompletableFuture.supplyAsync(second, workers.goingOn())
                    .thenCompose(sent -> sent)
                    .exceptionally(failure -> first);
        } catch (RejectedExecutionException e) {
            // At a shutdown. The first request was not processed.
            return CompletableFuture.completedFuture(first);
        }
    }

    /** Returns null if no nonce is asked for. The code counts, not the status: some servers answer 401 here. */
    private static @Nullable String wantedNonce(HttpResult result) {
        return result instanceof HttpResult.Response response
                        && DpopKey.isNonce(response.dpopNonce())
                        && response.status() >= 400
                        && response.errorCode().filter(NONCE_WANTED::equals).isPresent()
                ? response.dpopNonce()
                : null;
    }

    /** Every request has credentials of its own: servers accept each once (CONFORMANCE G3). */
    private CompletionStage<HttpResult> sendOnce(
            ClientRegistration registration,
            Request request,
            @Nullable String nonce,
            @Nullable Lease lease,
            Duration hardCap) {
        long askedNanos = ticker.nanos();
        return clients.credentials(registration, request.endpoint()).thenCompose(found -> {
            Duration rest = hardCap.minusNanos(ticker.nanos() - askedNanos);
            return found.isEmpty() || rest.isNegative()
                    ? CompletableFuture.completedFuture(
                            new HttpResult.NotSent(ConnectFailure.CLIENT_KEY_UNAVAILABLE, ticker.nanos()))
                    : post(registration, request, found.get(), nonce, lease, rest);
        });
    }

    /** Every request has a proof of its own: servers accept each once (CONFORMANCE G9). */
    private CompletionStage<HttpResult> post(
            ClientRegistration registration,
            Request request,
            Credentials credentials,
            @Nullable String nonce,
            @Nullable Lease lease,
            Duration hardCap) {
        var headers = new LinkedHashMap<>(credentials.headers());
        if (request.dpopKey() != null) {
            var proven = new DpopKey.Request("POST", request.endpoint(), nonce, null);
            headers.put("DPoP", request.dpopKey().proof(proven, clock.instant()));
        }
        var parameters = new LinkedHashMap<>(request.parameters());
        parameters.putAll(credentials.parameters());
        var body = RequestBody.of(request.format(), parameters);
        return sender.post(registration.destination(), request.endpoint(), headers, body, lease, hardCap)
                .whenComplete((result, never) -> nonces.keep(request.endpoint(), result.dpopNonce()));
    }
}
