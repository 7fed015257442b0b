package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Knows the addresses where the proof of a session's key gets tokens. Nobody may have a proof for them: with a refresh token
 * that was stolen elsewhere it would be all that a thief needs.
 */
@Singleton
public class ProofAddresses {

    /** A reader waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Endpoints endpoints;
    private final ClientRegistrations registrations;

    ProofAddresses(Endpoints endpoints, ClientRegistrations registrations) {
        this.endpoints = endpoints;
        this.registrations = registrations;
    }

    /** What an address is. */
    public enum Kind {
        TOKEN_ENDPOINT,
        OTHER,
        /** It is at the issuer, whose endpoints are not known now. */
        UNKNOWN
    }

    /** Never blocks and never completes exceptionally. */
    public CompletionStage<Kind> kind(String registration, URI uri) {
        return registrations
                .find(registration)
                .<CompletionStage<Kind>>map(known -> kind(known, uri, false)
                        .thenCombine(
                                kind(known, uri, true),
                                (tokens, refreshes) -> tokens == Kind.OTHER ? refreshes : tokens))
                .orElse(CompletableFuture.completedFuture(Kind.OTHER));
    }

    private CompletionStage<Kind> kind(ClientRegistration registration, URI uri, boolean refreshes) {
        Kind unknown = isAt(registration.server().issuer(), uri) ? Kind.UNKNOWN : Kind.OTHER;
        return endpoints
                .tokenEndpoint(registration, refreshes, HttpSender.MAX_SIDE_REQUEST)
                .thenApply(found ->
                        found.uri().map(endpoint -> kind(endpoint, uri)).orElse(unknown))
                .toCompletableFuture()
                .completeOnTimeout(unknown, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Kind kind(URI endpoint, URI uri) {
        return comparable(endpoint).equals(comparable(uri)) ? Kind.TOKEN_ENDPOINT : Kind.OTHER;
    }

    /** The same address may be written with other characters encoded, and with more slashes. */
    private static String comparable(URI uri) {
        return host(uri) + URI.create(DpopKey.address(uri)).getPath().replaceAll("/+", "/");
    }

    private static boolean isAt(@Nullable URI issuer, URI uri) {
        return issuer != null && host(issuer).equals(host(uri));
    }

    /** With or without TLS. */
    private static String host(URI uri) {
        return URI.create(DpopKey.origin(uri)).getAuthority();
    }
}
