package dev.tokenkeep.registration;

import dev.tokenkeep.http.HttpDestination;
import dev.tokenkeep.http.ProxyChoice;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.jose.SigningAlgorithm;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.settings.RateLimit;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client at one authorization server. Its settings have been checked. */
public record ClientRegistration(
        String name,
        Server server,
        Client client,
        TokenRequests requests,
        Limits limits,
        RefreshTokens refreshTokens,
        AccessTokens accessTokens,
        SignIn signIn) {

    /**
     * The authorization server and how to reach it.
     *
     * @param issuer its metadata gives the endpoints that are not configured; null if nothing is to be discovered
     * @param tokenEndpoint null only if it is to be discovered
     * @param refreshEndpoint where refresh requests go; null if they go to the token endpoint
     * @param revocationEndpoint null if it is to be discovered, or if there is none
     * @param jwks where the authorization server's keys are; null if that is to be discovered, or if there are none
     * @param tlsConfiguration its name in the TLS registry; null for the default one
     * @param proxy null if {@code tokenkeep.outbound} applies
     * @param origin who has set the addresses
     */
    public record Server(
            @Nullable URI issuer,
            @Nullable URI tokenEndpoint,
            @Nullable URI refreshEndpoint,
            @Nullable URI revocationEndpoint,
            @Nullable URI jwks,
            @Nullable String tlsConfiguration,
            @Nullable ProxyChoice proxy,
            Origin origin) {

        /** Returns the token endpoint, or the issuer if the token endpoint is to be discovered. */
        public URI address() {
            return Objects.requireNonNull(tokenEndpoint == null ? issuer : tokenEndpoint);
        }
    }

    /**
     * Who has set the addresses of an authorization server.
     *
     * @param onlyPublic whether somebody other than the operator has, so that they must be public
     * @param destination of a registration that the API added, a hash of the client and of the addresses that get tokens,
     *     as the caller has set them; null for all others
     */
    public record Origin(boolean onlyPublic, @Nullable String destination) {

        public static final Origin OPERATOR = new Origin(false, null);

        /** The operator, but for the variables. */
        static final Origin SESSION = new Origin(true, null);

        /** Returns whether the API added the registration, so that it may become that of another client. */
        public boolean isOfTheApi() {
            return destination != null;
        }
    }

    /**
     * The client, as the authorization server knows it.
     *
     * @param idParameter the name of the parameter for the id
     * @param secret null if the method needs none
     * @param assertion null if the method signs no JWT
     */
    public record Client(
            String id,
            String idParameter,
            @Nullable Secret secret,
            ClientAuthenticationMethod authentication,
            BasicCredentials basic,
            @Nullable Assertion assertion) {

        /** Returns a JWK set with the public halves of the client's keys; empty if it has none. */
        public Optional<String> publicJwks() {
            return Optional.ofNullable(assertion).map(Assertion::keys).map(SigningKeys::publicJwks);
        }

        /** Returns what the client authenticates with, as a text that changes with it. */
        public Secret credential() {
            return Secret.of(authentication.registeredName()
                    + "\n"
                    + id
                    + "\n"
                    + (secret == null ? "" : secret.reveal())
                    + (assertion == null || assertion.keys() == null
                            ? ""
                            : "\n" + assertion.keys().thumbprint()));
        }
    }

    /**
     * How the client signs the JWTs that it authenticates with (RFC 7523 §2.2).
     *
     * @param keys null if the client secret signs
     * @param audience null for the address that the request goes to
     * @param type the header {@code typ}
     */
    public record Assertion(
            SigningAlgorithm algorithm,
            @Nullable SigningKeys keys,
            @Nullable String audience,
            String type) {}

    /**
     * How token requests are written, and token responses are read.
     *
     * @param format the format of token requests; revocation requests are forms (RFC 7009 §2.1)
     * @param responseShape the shape of token responses
     * @param parameters sent in the body of every token request, in addition to those of the protocol
     * @param headers sent with every token request
     * @param grants what callers may have tokens asked for with
     */
    public record TokenRequests(
            RequestFormat format,
            ResponseShape responseShape,
            Map<String, String> parameters,
            Map<String, String> headers,
            Set<ClientGrant> grants) {}

    /**
     * The limits of requests to the authorization server.
     *
     * @param maxConcurrency the highest number of token requests under way at once in one process
     * @param rateLimit null for no limit
     * @param timeout how long a caller waits for a refresh; null for the default of {@code tokenkeep.refresh}
     * @param hardCap when a token request is given up; null for the default of {@code tokenkeep.refresh}
     */
    public record Limits(
            int maxConcurrency,
            @Nullable RateLimit rateLimit,
            @Nullable Duration timeout,
            @Nullable Duration hardCap) {}

    /**
     * The settings of refresh tokens.
     *
     * @param lifetimes as configured; lifetimes in a token response count too
     * @param revokeReplaced whether the refresh token that a new sign-in replaces is revoked
     * @param required whether a session must have one; otherwise it may have an access token alone
     * @param hint when the authorization server gives one, for operators; null if nothing is known
     */
    public record RefreshTokens(
            RotationPolicy rotation,
            RefreshTokenLifetimes lifetimes,
            boolean revokeReplaced,
            boolean required,
            @Nullable String hint) {}

    /**
     * The settings of access tokens.
     *
     * @param defaultExpiresIn their lifetime if the authorization server does not tell one
     * @param dpop whether they are bound to a key of their session
     * @param expectedAudience the audience that a session's own access token must have if it is a JWT; null if any will do
     * @param targets by name, what sessions get further access tokens for
     */
    public record AccessTokens(
            Duration defaultExpiresIn, Dpop dpop, @Nullable String expectedAudience, Map<String, Target> targets) {

        /** Returns a key for a new session; null if it needs none. */
        public @Nullable Secret newDpopKey() {
            return dpop.isOn() ? DpopKey.generate().toJwk() : null;
        }
    }

    /**
     * The settings of sign-ins.
     *
     * @param authorizationEndpoint null if it is to be discovered, or if there is none
     * @param pushedRequestEndpoint null if it is to be discovered, or if there is none
     * @param pushed whether authorization requests are pushed; null for as the metadata requires
     * @param deviceAuthorizationEndpoint null if it is to be discovered, or if there is none
     * @param verificationUriComplete whether callers get an address that already has the user code
     * @param scope asked for unless the caller asks for another; null for none
     * @param parameters of every authorization request, in addition to those of the protocol
     * @param callerParameters the names of the parameters that callers may set
     */
    public record SignIn(
            @Nullable URI authorizationEndpoint,
            @Nullable URI pushedRequestEndpoint,
            @Nullable Boolean pushed,
            @Nullable URI deviceAuthorizationEndpoint,
            boolean verificationUriComplete,
            @Nullable String scope,
            Map<String, String> parameters,
            Set<String> callerParameters) {}

    /** @throws InvalidTokenResponse if a session of this registration cannot live on these tokens */
    public void check(TokenResponse response) {
        if (response.refreshToken() == null && (refreshTokens.required() || response.accessToken() == null)) {
            throw InvalidTokenResponse.withoutRefreshToken();
        }
    }

    /**
     * Checks tokens that a caller has asked for itself, without a key or with one of its own.
     *
     * @throws InvalidTokenResponse if a session of this registration cannot live on them
     */
    public void checkForeign(TokenResponse response) {
        check(response);
        if (!accessTokens.dpop().isOn() && response.isBound()) {
            throw InvalidTokenResponse.unsupportedTokenType();
        }
        if (accessTokens.dpop().isOn() && response.refreshToken() == null) {
            throw InvalidTokenResponse.accessTokenOfOtherKey();
        }
        // RFC 9449 §5: only the refresh tokens of public clients are bound.
        if (accessTokens.dpop().isOn() && client.authentication() == ClientAuthenticationMethod.NONE) {
            throw InvalidTokenResponse.refreshTokenOfOtherKey();
        }
    }

    /** Returns the authorization server as the destination of requests. */
    public HttpDestination destination() {
        return new HttpDestination(
                name,
                server.tlsConfiguration(),
                server.proxy(),
                requests.headers(),
                limits.maxConcurrency(),
                server.origin().onlyPublic());
    }
}
