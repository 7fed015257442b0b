package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    /**
     * Returns whether this is a token endpoint of the registration, or may be one of its issuer, whose endpoints are not known
     * now. Never blocks and never completes exceptionally.
     */
    public CompletionStage<Boolean> isTokenEndpoint(String registration, URI uri) {
        return registrations
                .find(registration)
                .<CompletionStage<Boolean>>map(known -> is(known, uri, false)
                        .thenCombine(is(known, uri, true), (tokens, refreshes) -> tokens || refreshes))
                .orElse(CompletableFuture.completedFuture(false));
    }

    private CompletionStage<Boolean> is(ClientRegistration registration, URI uri, boolean refreshes) {
        return endpoints
                .tokenEndpoint(registration, refreshes, PATIENCE)
                .thenApply(found -> found.uri()
                        .map(endpoint -> decoded(endpoint).equals(decoded(uri)))
                        .orElseGet(() -> isAt(registration.server().issuer(), uri)));
    }

    /** The same address may be written with other characters encoded. */
    private static String decoded(URI uri) {
        URI address = URI.create(DpopKey.address(uri));
        return address.getAuthority() + address.getPath();
    }

    private static boolean isAt(@Nullable URI issuer, URI uri) {
        return issuer != null
                && URI.create(DpopKey.address(issuer))
                        .getAuthority()
                        .equals(URI.create(DpopKey.address(uri)).getAuthority());
    }
}
