package dev.tokenkeep.authorizationserver.clientauth;

import dev.tokenkeep.jose.JwtSigner;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.registration.ClientRegistration.Assertion;
import dev.tokenkeep.registration.ClientRegistration.Client;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Signs the JWTs that clients authenticate with (RFC 7523 §3, OpenID Connect Core 1.0 §9). */
@Singleton
class ClientAssertions {

    /** The parameter {@code client_assertion_type}. */
    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final Duration LIFETIME = Duration.ofSeconds(60);

    /** Some servers refuse a JWT that their own clock has not reached yet (CONFORMANCE G21). */
    private static final Duration BACKDATED = Duration.ofSeconds(5);

    private final Clock clock;

    ClientAssertions(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param endpoint where the request goes
     * @return empty if the client's key cannot sign now
     */
    CompletionStage<Optional<String>> sign(Client client, URI endpoint) {
        Assertion how = Objects.requireNonNull(client.assertion());
        SigningKeys keys = how.keys();
        return keys == null
                ? CompletableFuture.completedFuture(Optional.of(JwtSigner.sign(
                        claims(client, how, endpoint),
                        how.type(),
                        how.algorithm(),
                        Objects.requireNonNull(client.secret()))))
                : JwtSigner.sign(claims(client, how, endpoint), how.type(), how.algorithm(), keys.primary());
    }

    private Map<String, Object> claims(Client client, Assertion how, URI endpoint) {
        long now = clock.instant().getEpochSecond();
        long from = now - BACKDATED.toSeconds();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", client.id());
        claims.put("sub", client.id());
        // One string: servers refuse an array, even of one (CONFORMANCE G2).
        claims.put("aud", Objects.requireNonNullElse(how.audience(), endpoint.toString()));
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", from);
        claims.put("nbf", from);
        claims.put("exp", now + LIFETIME.toSeconds());
        return claims;
    }
}
