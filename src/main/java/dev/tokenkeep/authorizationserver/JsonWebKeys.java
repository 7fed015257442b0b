package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.jose.HttpJwkSource;
import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.jose.JwkSet.Signature;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.Signatures;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Verifies ID tokens with the authorization servers' keys, a {@link JwkSet} for each registration. Thread-safe. */
@ApplicationScoped
public class JsonWebKeys {

    private static final AlgorithmConstraints ASYMMETRIC =
            new AlgorithmConstraints(ConstraintType.PERMIT, Signatures.ALGORITHMS.toArray(String[]::new));

    private final Endpoints endpoints;
    private final HttpSender sender;
    private final Ticker ticker;
    private final Map<String, Known> sets = new ConcurrentHashMap<>();
    /** Registrations change when a proxy's credentials are replaced. */
    private final Map<String, ClientRegistration> latest = new ConcurrentHashMap<>();

    /** The keys of a server; a registration may get another server. */
    private record Known(@Nullable URI issuer, @Nullable URI jwks, JwkSet keys) {

        boolean isOf(ClientRegistration registration) {
            return Objects.equals(issuer, registration.server().issuer())
                    && Objects.equals(jwks, registration.server().jwks());
        }
    }

    JsonWebKeys(Endpoints endpoints, HttpSender sender, Ticker ticker) {
        this.endpoints = endpoints;
        this.sender = sender;
        this.ticker = ticker;
    }

    /** Returns whether the authorization server publishes keys. If not, its ID tokens are trusted because of TLS. */
    public boolean hasKeys(ClientRegistration registration) {
        return registration.server().jwks() != null || registration.server().issuer() != null;
    }

    /** Verifies the signature with the keys at hand. */
    public Signature signature(ClientRegistration registration, Secret token) {
        JsonWebSignature jws = parsed(token);
        if (jws == null) {
            return Signature.INVALID;
        }
        JwkSet keys = keys(registration);
        Signature signature = keys.signature(jws);
        if (signature != Signature.UNKNOWN_KEY) {
            // Fetches keys that are due in the background. Nobody waits for them.
            keys.prepare(jws);
        }
        return signature;
    }

    /** Verifies the signature once the keys that the token needs have been fetched. Never completes exceptionally. */
    public CompletionStage<Signature> signatureOnceFetched(ClientRegistration registration, Secret token) {
        JsonWebSignature jws = parsed(token);
        if (jws == null) {
            return CompletableFuture.completedFuture(Signature.INVALID);
        }
        JwkSet keys = keys(registration);
        return keys.prepare(jws).thenApply(ready -> keys.signature(jws));
    }

    private JwkSet keys(ClientRegistration registration) {
        latest.put(registration.name(), registration);
        Known known = sets.get(registration.name());
        return known != null && known.isOf(registration)
                ? known.keys()
                : sets.compute(
                                registration.name(),
                                (name, last) -> last != null && last.isOf(registration) ? last : known(registration))
                        .keys();
    }

    private Known known(ClientRegistration registration) {
        String name = registration.name();
        return new Known(
                registration.server().issuer(),
                registration.server().jwks(),
                new JwkSet("registration " + name, () -> fetch(Objects.requireNonNull(latest.get(name))), ticker));
    }

    private CompletionStage<String> fetch(ClientRegistration registration) {
        return endpoints
                .jwks(registration, HttpSender.MAX_SIDE_REQUEST)
                .thenCompose(found -> found.uri()
                        .map(uri -> new HttpJwkSource(
                                        sender, registration.destination(), uri, HttpSender.MAX_SIDE_REQUEST)
                                .fetch())
                        .orElseGet(() -> HttpJwkSource.failed(
                                found.none() ? "its metadata has no jwks_uri" : "no metadata: " + found.code())));
    }

    /** Returns null if the token is not a JWS, or if its algorithm is not allowed: no key is good for that. */
    private static @Nullable JsonWebSignature parsed(Secret token) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(ASYMMETRIC);
            jws.setCompactSerialization(token.reveal());
            ASYMMETRIC.checkConstraint(jws.getAlgorithmHeaderValue());
            // Each throws if the header is no string.
            jws.getKeyIdHeaderValue();
            jws.getX509CertSha1ThumbprintHeaderValue();
            jws.getX509CertSha256ThumbprintHeaderValue();
            // No extension is understood here (RFC 7515 §4.1.11).
            return jws.getHeaders().getObjectHeaderValue("crit") == null ? jws : null;
        } catch (JoseException | RuntimeException e) {
            return null;
        }
    }
}
