package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Knows the addresses where the proof of a session's key gets tokens. Nobody may have a proof for them: with a refresh token
 * that was stolen elsewhere it would be all that a thief needs.
 */
@Singleton
public class ProofAddresses {

    private final Endpoints endpoints;
    private final ClientRegistrations registrations;

    ProofAddresses(Endpoints endpoints, ClientRegistrations registrations) {
        this.endpoints = endpoints;
        this.registrations = registrations;
    }

    /**
     * Returns whether this is a token endpoint of the registration, as far as it is known. Never blocks and never completes
     * exceptionally.
     */
    public CompletionStage<Boolean> isTokenEndpoint(String registration, URI uri) {
        return registrations
                .find(registration)
                .<CompletionStage<Boolean>>map(known -> is(known, uri, false)
                        .thenCombine(is(known, uri, true), (tokens, refreshes) -> tokens || refreshes))
                .orElse(CompletableFuture.completedFuture(false));
    }

    private CompletionStage<Boolean> is(ClientRegistration registration, URI uri, boolean refreshes) {
        String address = DpopKey.address(uri);
        return endpoints
                .tokenEndpoint(registration, refreshes, HttpSender.MAX_SIDE_REQUEST)
                .thenApply(found -> found.uri()
                        .filter(endpoint -> DpopKey.address(endpoint).equals(address))
                        .isPresent());
    }
}
