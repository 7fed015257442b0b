package dev.tokenkeep.registration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;

/**
 * {@code tokenkeep.registrations.<name>.*}; text, so that every violation is told at once and by its key. Read by
 * {@link RegistrationSettings}; what the annotation names is never there, it only has the mapping made at build time.
 */
@ConfigMapping(prefix = "tokenkeep.no-registrations")
public interface RegistrationsConfig {

    @WithParentName
    Map<String, Registration> registrations();

    /** One client at one authorization server. */
    interface Registration {

        /** Where to discover the endpoints that are not given; must equal the metadata's issuer to the letter. */
        Optional<String> issuer();

        /** The token endpoint; wins over discovery. */
        Optional<String> tokenEndpoint();

        /** The revocation endpoint; wins over discovery. */
        Optional<String> revocationEndpoint();

        /** The authorization server's keys, which verify ID tokens; wins over discovery. */
        Optional<String> jwks();

        Optional<String> clientId();

        Optional<String> clientSecret();

        /** A file that holds the secret; a line break at its end is not part of it. */
        Optional<String> clientSecretFile();

        /** {@code client_secret_basic}, {@code client_secret_post} or {@code none}. */
        @WithDefault("client_secret_basic")
        String clientAuthentication();

        /** {@code encoded} as RFC 6749 has it, or {@code raw} for servers that do not decode. */
        @WithDefault("encoded")
        String basicCredentials();

        /** {@code none}, {@code leeway} or {@code strict}. */
        @WithDefault("strict")
        String rotation();

        /** How long the previous refresh token stays good; only with {@code rotation=leeway}. */
        Optional<String> rotationLeeway();

        /** {@code form}, or {@code json} for servers that insist on it. */
        @WithDefault("form")
        String requestFormat();

        /** What stands between the scopes of an answer, one character; spaces, or else commas, if left out. */
        Optional<String> scopeSeparator();

        /** The member of an answer that holds the tokens, such as {@code data} or {@code data.tokens}. */
        Optional<String> responseMember();

        /** Further parameters of every token request's body. */
        Map<String, String> parameters();

        /** Further headers of every token request. */
        Map<String, String> headers();

        /** Token requests under way at once, in one process. */
        @WithDefault("32")
        String maxConcurrency();

        /** Token requests over all replicas, such as {@code 100/1m}. */
        Optional<String> rateLimit();

        /** How long a reader waits for a refresh; the default of {@code tokenkeep.refresh.timeout} if left out. */
        Optional<String> timeout();

        /** When a token request is given up; the default of {@code tokenkeep.refresh.hard-cap} if left out. */
        Optional<String> hardCap();

        /** The access token's lifetime where the authorization server tells none. */
        @WithDefault("5M")
        String defaultExpiresIn();

        /** How long a refresh token lives from the sign-in on, whatever is refreshed. */
        Optional<String> refreshTokenLifetime();

        /** How long a refresh token lives after its last use. */
        Optional<String> refreshTokenInactivityLifetime();

        /** An access token that is a JWT and not for this audience is not served (its refresh token is kept). */
        Optional<String> expectedAudience();

        /** A configuration of the TLS registry ({@code quarkus.tls.<name>.*}), for a private authority or so. */
        Optional<String> tlsConfiguration();

        /** {@code host:port} of an HTTP proxy, or {@code none}; what {@code tokenkeep.outbound} says if left out. */
        Optional<String> proxy();

        /** A file that holds {@code user:password} for the proxy. */
        Optional<String> proxyCredentialsFile();

        /** Whether the refresh token that a new sign-in replaces is revoked. */
        @WithDefault("true")
        String revokeReplaced();
    }
}
