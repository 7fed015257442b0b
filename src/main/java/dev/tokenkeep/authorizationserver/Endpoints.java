package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds a registration's endpoints: the configured ones, or those in its issuer's metadata. */
@ApplicationScoped
class Endpoints {

    private final IssuerDiscovery discovery;

    Endpoints(IssuerDiscovery discovery) {
        this.discovery = discovery;
    }

    /**
     * An endpoint, or why there is none.
     *
     * @param none whether the authorization server has no such endpoint at all
     */
    record Found(Optional<URI> uri, String code, boolean none, long nanos) {

        CompletionStage<HttpResult> notSent() {
            return CompletableFuture.completedFuture(new HttpResult.NotSent(code, nanos));
        }
    }

    /** @param refreshes whether the request is a refresh, for which some servers have an address of its own */
    CompletionStage<Found> tokenEndpoint(ClientRegistration registration, boolean refreshes, Duration hardCap) {
        ClientRegistration.Server server = registration.server();
        URI configured =
                refreshes && server.refreshEndpoint() != null ? server.refreshEndpoint() : server.tokenEndpoint();
        return found(registration, configured, IssuerMetadata::tokenEndpoint, hardCap);
    }

    CompletionStage<Found> revocationEndpoint(ClientRegistration registration, Duration hardCap) {
        return found(
                registration, registration.server().revocationEndpoint(), IssuerMetadata::revocationEndpoint, hardCap);
    }

    CompletionStage<Found> jwks(ClientRegistration registration, Duration hardCap) {
        return found(registration, registration.server().jwks(), IssuerMetadata::jwks, hardCap);
    }

    private CompletionStage<Found> found(
            ClientRegistration registration,
            @Nullable URI configured,
            Function<IssuerMetadata, Optional<URI>> discovered,
            Duration hardCap) {
        if (configured != null) {
            return CompletableFuture.completedFuture(new Found(Optional.of(configured), "configured", false, 0));
        }
        if (registration.server().issuer() == null) {
            return CompletableFuture.completedFuture(new Found(Optional.empty(), "no_endpoint", true, 0));
        }
        return discovery.metadata(registration, hardCap).thenApply(metadata -> {
            Optional<URI> uri = discovered.apply(metadata);
            boolean none = metadata.found() && uri.isEmpty();
            return new Found(uri, metadata.code(), none, metadata.nanos());
        });
    }
}
