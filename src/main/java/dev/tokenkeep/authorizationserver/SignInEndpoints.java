package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds where a user signs in, and what the authorization server promises about its response. */
@ApplicationScoped
public class SignInEndpoints {

    private static final String NO_ENDPOINT = "no_authorization_endpoint";
    private static final String NO_DEVICE_ENDPOINT = "no_device_authorization_endpoint";
    private static final String NO_PUSHED_ENDPOINT = "no_pushed_authorization_request_endpoint";

    /** Tokenkeep signs no authorization requests (CONFORMANCE H28). */
    private static final String SIGNED_REQUESTS = "signed_authorization_request_required";

    private final IssuerDiscovery discovery;

    SignInEndpoints(IssuerDiscovery discovery) {
        this.discovery = discovery;
    }

    /** The endpoints of a registration, or why there are none. */
    public sealed interface Look {

        /**
         * The endpoints.
         *
         * @param pushedRequests where authorization requests are pushed to; null if they are not pushed
         * @param namesIssuer whether every authorization response has {@code iss} (RFC 9207 §2.4)
         * @param hasKeys whether there are keys that verify ID tokens
         */
        record Found(URI authorization, @Nullable URI pushedRequests, boolean namesIssuer, boolean hasKeys)
                implements Look {

            /** Returns the issuer, or the endpoints where none is known (RFC 9700 §4.4.2). */
            public String server(ClientRegistration registration) {
                return serverOf(registration, authorization);
            }
        }

        /**
         * The endpoint for the device grant.
         *
         * @param hasKeys whether there are keys that verify ID tokens
         */
        record FoundDevice(URI deviceAuthorization, boolean hasKeys) implements Look {

            /** Returns the issuer, or the endpoints where none is known. A device code is sent only there. */
            public String server(ClientRegistration registration) {
                return serverOf(registration, deviceAuthorization);
            }
        }

        /** @param configured whether only another configuration can help */
        record Missing(String code, boolean configured) implements Look {}
    }

    private static String serverOf(ClientRegistration registration, URI endpoint) {
        URI issuer = registration.server().issuer();
        return issuer == null ? endpoint + " " + registration.server().tokenEndpoint() : issuer.toString();
    }

    /** Finds where a browser signs in. Never blocks and never completes exceptionally. */
    public CompletionStage<Look> of(ClientRegistration registration, Duration hardCap) {
        return look(registration, SignInEndpoints::browser, hardCap);
    }

    /** Finds where a user code is asked for. Never blocks and never completes exceptionally. */
    public CompletionStage<Look> device(ClientRegistration registration, Duration hardCap) {
        return look(registration, SignInEndpoints::device, hardCap);
    }

    private interface Kind {
        Look look(ClientRegistration registration, IssuerMetadata.SignIn metadata, boolean hasKeys);
    }

    private CompletionStage<Look> look(ClientRegistration registration, Kind kind, Duration hardCap) {
        boolean hasKeys = registration.server().jwks() != null;
        if (registration.server().issuer() == null) {
            return CompletableFuture.completedFuture(kind.look(registration, IssuerMetadata.SignIn.NONE, hasKeys));
        }
        // Also with a configured endpoint: the metadata says whether the issuer names itself.
        return discovery
                .metadata(registration, hardCap)
                .thenApply(metadata -> metadata.found()
                        ? kind.look(
                                registration,
                                metadata.signIn(),
                                hasKeys || metadata.jwks().isPresent())
                        : new Look.Missing(metadata.code(), false));
    }

    private static Look device(ClientRegistration registration, IssuerMetadata.SignIn metadata, boolean hasKeys) {
        return Optional.ofNullable(registration.signIn().deviceAuthorizationEndpoint())
                .or(metadata::deviceAuthorization)
                .<Look>map(endpoint -> new Look.FoundDevice(endpoint, hasKeys))
                .orElse(new Look.Missing(NO_DEVICE_ENDPOINT, true));
    }

    private static Look browser(ClientRegistration registration, IssuerMetadata.SignIn metadata, boolean hasKeys) {
        ClientRegistration.SignIn configured = registration.signIn();
        Optional<URI> authorization =
                Optional.ofNullable(configured.authorizationEndpoint()).or(metadata::authorizationEndpoint);
        if (authorization.isEmpty()) {
            return new Look.Missing(NO_ENDPOINT, true);
        }
        if (metadata.signedOnly()) {
            return new Look.Missing(SIGNED_REQUESTS, true);
        }
        Boolean wanted = configured.pushed();
        if (wanted == null ? !metadata.pushedOnly() : !wanted) {
            return new Look.Found(authorization.get(), null, metadata.namesIssuer(), hasKeys);
        }
        return Optional.ofNullable(configured.pushedRequestEndpoint())
                .or(metadata::pushedRequests)
                .<Look>map(pushed -> new Look.Found(authorization.get(), pushed, metadata.namesIssuer(), hasKeys))
                .orElse(new Look.Missing(NO_PUSHED_ENDPOINT, true));
    }
}
