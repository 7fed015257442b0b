package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.BasicCredentials;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.Target;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code tokenkeep.registrations.<name>.*}. All values are text, so that every violation is reported at once with its
 * key. Read by {@link RegistrationSettings}. The prefix in the annotation is never configured; it only makes the build
 * generate the mapping.
 */
@ConfigMapping(prefix = "tokenkeep.no-registrations")
public interface RegistrationsConfig {

    @WithParentName
    Map<String, Registration> registrations();

    /** One client at one authorization server. */
    interface Registration {

        /** The name of a provider whose settings apply where this registration has none of its own. */
        Optional<String> provider();

        /** What stands for the names in braces in a provider's settings, such as {@code tenant}. */
        Map<String, String> variables();

        /** The names that it had before, which sessions may still have. */
        Optional<Set<String>> formerNames();

        /** The names of variables that each session gives, in the name that it is registered under. */
        Optional<Set<String>> sessionVariables();

        /**
         * The issuer whose metadata gives the endpoints that are not configured. Must equal the issuer in the metadata
         * exactly.
         */
        Optional<String> issuer();

        /** The token endpoint; wins over discovery. */
        Optional<String> tokenEndpoint();

        /** Where refresh requests go, for servers that have another address for them. */
        Optional<String> refreshEndpoint();

        /** The revocation endpoint; wins over discovery. */
        Optional<String> revocationEndpoint();

        /** Where the authorization server's keys are, which verify ID tokens; wins over discovery. */
        Optional<String> jwks();

        /** Where users sign in; wins over discovery. */
        Optional<String> authorizationEndpoint();

        /** Where authorization requests are pushed to; wins over discovery. */
        Optional<String> pushedAuthorizationRequestEndpoint();

        /** {@code true} or {@code false}; if left out, authorization requests are pushed if the metadata requires it. */
        Optional<String> pushedAuthorization();

        /** Where user codes for the device grant are asked for; wins over discovery. */
        Optional<String> deviceAuthorizationEndpoint();

        /** {@code true} or {@code false}: whether callers get an address that already has the user code. */
        @WithDefault("false")
        String verificationUriComplete();

        /** The scope that a sign-in asks for unless the caller asks for another. */
        Optional<String> scope();

        /** Additional parameters of every authorization request, such as {@code access_type=offline}. */
        Map<String, String> authorizationParameters();

        /** The names of the parameters that callers may set in an authorization request. */
        @WithDefault("prompt,login_hint,max_age,acr_values,ui_locales")
        Set<String> callerParameters();

        Optional<String> clientId();

        /** The name of the parameter for the client id, for servers that call it otherwise. */
        @WithDefault("client_id")
        String clientIdParameter();

        Optional<String> clientSecret();

        /** A file that holds the secret; a line break at its end is not part of it. */
        Optional<String> clientSecretFile();

        /** {@code client_secret_basic} and the other names of {@link ClientAuthenticationMethod}. */
        @WithDefault("client_secret_basic")
        String clientAuthentication();

        /** A directory of private keys for {@code private_key_jwt}; its file {@code primary} names the one that signs. */
        Optional<String> clientKeys();

        /** A Transit key for {@code private_key_jwt}, instead of a directory; its private half stays in the vault. */
        Optional<String> clientKeysTransit();

        /** The audience of the client's JWTs if it is not the issuer; {@code endpoint} for the address of each request. */
        Optional<String> clientAssertionAudience();

        /** The algorithm that signs the client's JWTs, such as {@code PS256}; if left out, the usual one for the key. */
        Optional<String> clientAssertionAlgorithm();

        /** The header {@code typ} of the client's JWTs; some servers want {@code JWT}. */
        @WithDefault("client-authentication+jwt")
        String clientAssertionType();

        /** {@code encoded} as in RFC 6749, and the other names of {@link BasicCredentials}. */
        @WithDefault("encoded")
        String basicCredentials();

        /** {@code none}, {@code leeway} or {@code strict}. */
        @WithDefault("strict")
        String rotation();

        /** How long the previous refresh token stays good; only with {@code rotation=leeway}. */
        Optional<String> rotationLeeway();

        /** {@code true} or {@code false}: whether a refresh ends the access token before it. */
        @WithDefault("false")
        String refreshEndsAccessToken();

        /** {@code form}, or {@code json} for servers that insist on it. */
        @WithDefault("form")
        String requestFormat();

        /** The character between the scopes of a token response. If left out: spaces, or else commas. */
        Optional<String> scopeSeparator();

        /** The member of a token response that holds the tokens, such as {@code data} or {@code data.tokens}. */
        Optional<String> responseMember();

        /** By what it means, the error codes or members of the server's error responses. */
        Map<String, Set<String>> errors();

        /** Additional parameters in the body of every token request. */
        Map<String, String> parameters();

        /** Additional headers of every token request. */
        Map<String, String> headers();

        /** The highest number of token requests under way at once in one process. */
        @WithDefault("32")
        String maxConcurrency();

        /** The rate limit of token requests over all replicas, such as {@code 100/1m}. */
        Optional<String> rateLimit();

        /** How long a caller waits for a refresh; the default of {@code tokenkeep.refresh.timeout} if left out. */
        Optional<String> timeout();

        /** When a token request is given up; the default of {@code tokenkeep.refresh.hard-cap} if left out. */
        Optional<String> hardCap();

        /** The access token's lifetime if the authorization server does not tell one. */
        @WithDefault("5M")
        String defaultExpiresIn();

        /** How long a refresh token lives from the sign-in on, however often it is refreshed. */
        Optional<String> refreshTokenLifetime();

        /** How long a refresh token lives after its last use. */
        Optional<String> refreshTokenInactivityLifetime();

        /** {@code true} or {@code false}: whether access tokens are bound to a key of their session (RFC 9449). */
        @WithDefault("false")
        String dpop();

        /** {@code true} or {@code false}: with {@code dpop}, whether an access token that is not bound is refused. */
        @WithDefault("true")
        String dpopRequired();

        /** If an access token is a JWT and not for this audience, it is not served. Its refresh token is kept. */
        Optional<String> expectedAudience();

        /** The resource servers for which sessions get separate access tokens, by the names that callers use. */
        Map<String, Target> targets();

        /**
         * A configuration of the TLS registry ({@code quarkus.tls.<name>.*}), such as for a private certificate
         * authority.
         */
        Optional<String> tlsConfiguration();

        /** {@code host:port} of an HTTP proxy, or {@code none}. If left out, {@code tokenkeep.outbound} applies. */
        Optional<String> proxy();

        /** A file that holds {@code user:password} for the proxy. */
        Optional<String> proxyCredentialsFile();

        /** Whether the refresh token that a new sign-in replaces is revoked. */
        @WithDefault("true")
        String revokeReplaced();

        /** {@code true} or {@code false}: whether a session must have a refresh token. */
        @WithDefault("true")
        String requireRefreshToken();

        /** The types of {@link ClientGrant} that callers may use, such as {@code client_credentials}. */
        Optional<Set<String>> grants();
    }

    /** A resource server for which sessions get separate access tokens (RFC 8707). */
    interface Target {

        /** What is asked for; if left out, what the authorization server gives by itself. */
        Optional<String> scope();

        /** The address of the resource server, an absolute URI without a fragment. */
        Optional<String> resource();

        /** The name of the resource server, for authorization servers that want one. */
        Optional<String> audience();

        /** If its access token is a JWT and not for this audience, it is not served. */
        Optional<String> expectedAudience();

        /** {@code refresh}, {@code token_exchange} or {@code on_behalf_of}. */
        @WithDefault("refresh")
        String via();
    }
}
