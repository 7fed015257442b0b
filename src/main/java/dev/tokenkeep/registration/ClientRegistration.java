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

/** One client at one authorization server, checked. */
public record ClientRegistration(
        String name,
        Server server,
        Client client,
        TokenRequests requests,
        Limits limits,
        RefreshTokens refreshTokens,
        AccessTokens accessTokens) {

    /**
     * Its authorization server, and the way to it.
     *
     * @param issuer where to discover the endpoints that are not given; null if none is to be discovered
     * @param tokenEndpoint null only if it is to be discovered
     * @param revocationEndpoint null if it is to be discovered, or if there is none
     * @param jwks where the authorization server's keys are; null if that is to be discovered, or there are none
     * @param tlsConfiguration of the TLS registry; null for the default one
     * @param proxy null for what {@code tokenkeep.outbound} says
     */
    public record Server(
            @Nullable URI issuer,
            @Nullable URI tokenEndpoint,
            @Nullable URI revocationEndpoint,
            @Nullable URI jwks,
            @Nullable String tlsConfiguration,
            @Nullable ProxyChoice proxy) {

        /** An address of it: its token endpoint, or the issuer that tells where that is. */
        public URI address() {
            return Objects.requireNonNull(tokenEndpoint == null ? issuer : tokenEndpoint);
        }
    }

    /**
     * The client, as the authorization server knows it.
     *
     * @param secret null only for {@link ClientAuthenticationMethod#NONE}
     * @param rawCredentials whether Basic credentials go without the form encoding of RFC 6749 §2.3.1 (CONFORMANCE A1)
     */
    public record Client(
            String id, @Nullable Secret secret, ClientAuthenticationMethod authentication, boolean rawCredentials) {}

    /**
     * How token requests are written, and their answers read.
     *
     * @param format of token requests; revocation requests are forms (RFC 7009 §2.1)
     * @param responseShape of the token endpoint's answers
     * @param parameters sent in the body of every token request, besides the protocol's own
     * @param headers sent with every token request
     */
    public record TokenRequests(
            RequestFormat format,
            ResponseShape responseShape,
            Map<String, String> parameters,
            Map<String, String> headers) {}

    /**
     * How much is asked of the authorization server, and for how long.
     *
     * @param maxConcurrency token requests under way at once, in one process
     * @param rateLimit null for no limit
     * @param timeout how long a reader waits for a refresh; null for the default of {@code tokenkeep.refresh}
     * @param hardCap when a token request is given up; null for the default of {@code tokenkeep.refresh}
     */
    public record Limits(
            int maxConcurrency,
            @Nullable RateLimit rateLimit,
            @Nullable Duration timeout,
            @Nullable Duration hardCap) {}

    /**
     * What holds for its refresh tokens.
     *
     * @param lifetimes as declared; what a token response tells counts besides
     * @param revokeReplaced whether the refresh token that a new sign-in replaces is revoked
     */
    public record RefreshTokens(RotationPolicy rotation, RefreshTokenLifetimes lifetimes, boolean revokeReplaced) {}

    /**
     * What holds for its access tokens.
     *
     * @param defaultExpiresIn their lifetime where the authorization server tells none
     * @param expectedAudience whom they have to be for, where they are JWTs; null if any will do
     */
    public record AccessTokens(
            Duration defaultExpiresIn, @Nullable String expectedAudience) {}

    /** Its authorization server, for requests. */
    public HttpDestination destination() {
        return new HttpDestination(
                name, server.tlsConfiguration(), server.proxy(), requests.headers(), limits.maxConcurrency());
    }
}
