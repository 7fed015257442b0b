package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.BasicCredentials;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.Dpop;
import dev.tokenkeep.registration.RefreshTokenLifetimes;
import dev.tokenkeep.registration.RotationPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Client registrations for the tests of the wire, each of a name of its own: clients and guards are kept by name. */
final class WireRegistrations {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private WireRegistrations() {}

    static ClientRegistration at(URI tokenEndpoint) {
        return with(null, tokenEndpoint, null, ClientAuthenticationMethod.CLIENT_SECRET_BASIC, false);
    }

    /** Its revocation endpoint is the same address. */
    static ClientRegistration shaped(
            URI tokenEndpoint,
            ClientAuthenticationMethod method,
            boolean rawCredentials,
            RequestFormat requestFormat,
            ResponseShape responseShape) {
        return with(null, tokenEndpoint, tokenEndpoint, null, method, rawCredentials, requestFormat, responseShape);
    }

    /** By a configuration of the TLS registry. */
    static ClientRegistration over(URI tokenEndpoint, String tlsConfiguration) {
        ClientRegistration plain = at(tokenEndpoint);
        return new ClientRegistration(
                plain.name(),
                new ClientRegistration.Server(
                        plain.server().issuer(),
                        plain.server().tokenEndpoint(),
                        plain.server().refreshEndpoint(),
                        plain.server().revocationEndpoint(),
                        plain.server().jwks(),
                        tlsConfiguration,
                        plain.server().proxy(),
                        plain.server().origin()),
                plain.client(),
                plain.requests(),
                plain.limits(),
                plain.refreshTokens(),
                plain.accessTokens(),
                plain.signIn());
    }

    static ClientRegistration withKeys(URI tokenEndpoint, @Nullable URI jwks) {
        return with(
                null,
                tokenEndpoint,
                null,
                jwks,
                ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
                false,
                RequestFormat.FORM,
                ResponseShape.STANDARD);
    }

    static ClientRegistration revokingAt(@Nullable URI revocationEndpoint) {
        URI unused = URI.create("http://127.0.0.1:1/token");
        return with(null, unused, revocationEndpoint, ClientAuthenticationMethod.CLIENT_SECRET_POST, false);
    }

    static ClientRegistration discoveredFrom(URI issuer) {
        return with(issuer, null, null, ClientAuthenticationMethod.CLIENT_SECRET_BASIC, false);
    }

    static ClientRegistration authenticatedBy(ClientAuthenticationMethod method, boolean rawCredentials) {
        return with(null, URI.create("https://as.example/token"), null, method, rawCredentials);
    }

    static ClientRegistration with(
            @Nullable URI issuer,
            @Nullable URI tokenEndpoint,
            @Nullable URI revocationEndpoint,
            ClientAuthenticationMethod method,
            boolean rawCredentials) {
        return with(
                issuer,
                tokenEndpoint,
                revocationEndpoint,
                null,
                method,
                rawCredentials,
                RequestFormat.FORM,
                ResponseShape.STANDARD);
    }

    private static ClientRegistration with(
            @Nullable URI issuer,
            @Nullable URI tokenEndpoint,
            @Nullable URI revocationEndpoint,
            @Nullable URI jwks,
            ClientAuthenticationMethod method,
            boolean rawCredentials,
            RequestFormat requestFormat,
            ResponseShape responseShape) {
        return new ClientRegistration(
                "wire-" + NUMBER.incrementAndGet(),
                new ClientRegistration.Server(
                        issuer,
                        tokenEndpoint,
                        null,
                        revocationEndpoint,
                        jwks,
                        null,
                        null,
                        ClientRegistration.Origin.OPERATOR),
                new ClientRegistration.Client(
                        "1PpG/Q 1",
                        "client_id",
                        method == ClientAuthenticationMethod.NONE
                                ? null
                                : Secret.of("z/tZ9VwFZqApmIQ+ZH1I5pLk/uB4ud:X2/8bL+wfFTt1rFw="),
                        method,
                        rawCredentials ? BasicCredentials.RAW : BasicCredentials.ENCODED,
                        null),
                new ClientRegistration.TokenRequests(
                        requestFormat,
                        responseShape,
                        Map.of("audience", "https://api.example/?a&b"),
                        Map.of("X-Gateway", "g-1"),
                        Set.of()),
                new ClientRegistration.Limits(2, null, null, null),
                new ClientRegistration.RefreshTokens(
                        RotationPolicy.STRICT, RefreshTokenLifetimes.UNKNOWN, true, true, null),
                new ClientRegistration.AccessTokens(Duration.ofMinutes(5), Dpop.OFF, null, Map.of()),
                new ClientRegistration.SignIn(null, null, null, null, false, null, Map.of(), Set.of()));
    }
}
