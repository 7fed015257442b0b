package dev.tokenkeep.registration;

import dev.tokenkeep.http.HttpDestination;
import dev.tokenkeep.http.ProxyChoice;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.settings.RateLimit;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client at one authorization server, checked.
 *
 * @param issuer where to discover the endpoints that are not given; null if none is to be discovered
 * @param tokenEndpoint null only if it is to be discovered
 * @param revocationEndpoint null if it is to be discovered, or if there is none
 * @param jwks where the authorization server's keys are; null if that is to be discovered, or there are none
 * @param clientSecret null only for {@link ClientAuthenticationMethod#NONE}
 * @param rawCredentials whether Basic credentials go without the form encoding of RFC 6749 §2.3.1 (CONFORMANCE A1)
 * @param requestFormat of token requests; revocation requests are forms (RFC 7009 §2.1)
 * @param responseShape of the token endpoint's answers
 * @param parameters sent in the body of every token request, besides the protocol's own
 * @param headers sent with every token request
 * @param maxConcurrency token requests under way at once, in one process
 * @param rateLimit null for no limit
 * @param timeout how long a reader waits for a refresh; null for the default of {@code tokenkeep.refresh}
 * @param hardCap when a token request is given up; null for the default of {@code tokenkeep.refresh}
 * @param defaultExpiresIn the access token's lifetime where the authorization server tells none
 * @param refreshTokenLifetimes as declared; what a token response tells counts besides
 * @param expectedAudience whom access tokens have to be for, where they are JWTs; null if any will do
 * @param tlsConfiguration of the TLS registry; null for the default one
 * @param proxy null for what {@code tokenkeep.outbound} says
 * @param revokeReplaced whether the refresh token that a new sign-in replaces is revoked
 */
public record ClientRegistration(
        String name,
        @Nullable URI issuer,
        @Nullable URI tokenEndpoint,
        @Nullable URI revocationEndpoint,
        @Nullable URI jwks,
        String clientId,
        @Nullable Secret clientSecret,
        ClientAuthenticationMethod clientAuthentication,
        boolean rawCredentials,
        RotationPolicy rotation,
        RequestFormat requestFormat,
        ResponseShape responseShape,
        Map<String, String> parameters,
        Map<String, String> headers,
        int maxConcurrency,
        @Nullable RateLimit rateLimit,
        @Nullable Duration timeout,
        @Nullable Duration hardCap,
        Duration defaultExpiresIn,
        RefreshTokenLifetimes refreshTokenLifetimes,
        @Nullable String expectedAudience,
        @Nullable String tlsConfiguration,
        @Nullable ProxyChoice proxy,
        boolean revokeReplaced) {

    /** Its authorization server, for requests. */
    public HttpDestination destination() {
        return new HttpDestination(name, tlsConfiguration, proxy, headers, maxConcurrency);
    }

    /** An address of the authorization server: its token endpoint, or the issuer that tells where that is. */
    public URI server() {
        return Objects.requireNonNull(tokenEndpoint == null ? issuer : tokenEndpoint);
    }
}
