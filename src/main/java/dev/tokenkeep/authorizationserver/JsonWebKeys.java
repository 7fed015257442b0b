package dev.tokenkeep.authorizationserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.Signatures;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * The authorization servers' keys (RFC 7517), to verify ID tokens with. They are kept, and fetched again when a token names
 * one that is not among them: so a server's key rotation is followed, and its outage does no harm. Thread-safe.
 */
@ApplicationScoped
public class JsonWebKeys {

    private static final Logger LOG = Logger.getLogger(JsonWebKeys.class);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final AlgorithmConstraints ASYMMETRIC =
            new AlgorithmConstraints(ConstraintType.PERMIT, Signatures.ALGORITHMS.toArray(String[]::new));

    /** What can be said of a signature. */
    public enum Signature {
        VALID,
        INVALID,
        /** The keys that are at hand do not have the one it names, or there are none yet. */
        UNKNOWN_KEY,
        /** The authorization server tells no keys. */
        NO_KEYS
    }

    /** @param askedNanos the ticker's reading when they were asked for */
    private record Fetch(CompletableFuture<List<JsonWebKey>> keys, long askedNanos) {}

    private final Endpoints endpoints;
    private final HttpSender wire;
    private final Ticker ticker;
    private final Map<String, List<JsonWebKey>> known = new ConcurrentHashMap<>();
    private final Map<String, Fetch> fetches = new ConcurrentHashMap<>();

    JsonWebKeys(Endpoints endpoints, HttpSender wire, Ticker ticker) {
        this.endpoints = endpoints;
        this.wire = wire;
        this.ticker = ticker;
    }

    /** Judges by the keys at hand. */
    public Signature signature(ClientRegistration registration, Secret token) {
        if (registration.jwks() == null && registration.issuer() == null) {
            return Signature.NO_KEYS;
        }
        return signature(token, known.getOrDefault(registration.name(), List.of()));
    }

    /** Judges once the keys have been fetched, if that is not too soon after the last time. Never completes exceptionally. */
    public CompletionStage<Signature> signatureOnceFetched(
            ClientRegistration registration, Secret token, Duration hardCap) {
        return fetch(registration, hardCap).thenApply(keys -> signature(token, keys));
    }

    private CompletionStage<List<JsonWebKey>> fetch(ClientRegistration registration, Duration hardCap) {
        long now = ticker.nanos();
        return fetches.compute(registration.name(), (name, last) -> {
                    boolean young = last != null && now - last.askedNanos() < AGAIN.toNanos();
                    return young ? last : new Fetch(asked(registration, hardCap).toCompletableFuture(), now);
                })
                .keys();
    }

    private CompletionStage<List<JsonWebKey>> asked(ClientRegistration registration, Duration hardCap) {
        return endpoints
                .jwks(registration, hardCap)
                .thenCompose(found -> found.uri()
                        .map(uri -> wire.get(registration.destination(), uri, hardCap))
                        .orElseGet(found::notSent))
                .thenApply(answer -> taken(registration, answer));
    }

    private List<JsonWebKey> taken(ClientRegistration registration, HttpResult answer) {
        if (answer instanceof HttpResult.Response response && response.status() == 200) {
            try {
                List<JsonWebKey> keys = new JsonWebKeySet(new String(response.body(), UTF_8)).getJsonWebKeys();
                known.put(registration.name(), keys);
                return keys;
            } catch (JoseException | RuntimeException e) {
                LOG.warnf("Cannot parse the JSON Web Key Set of registration %s", registration.name());
            }
        }
        return known.getOrDefault(registration.name(), List.of());
    }

    private static Signature signature(Secret token, List<JsonWebKey> keys) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(ASYMMETRIC);
            jws.setCompactSerialization(token.reveal());
            // Before the key is looked for: of an algorithm that is not allowed no key is good.
            ASYMMETRIC.checkConstraint(jws.getAlgorithmHeaderValue());
            List<JsonWebKey> candidates = new VerificationJwkSelector().selectList(jws, keys);
            for (JsonWebKey key : candidates) {
                jws.setKey(key.getKey());
                if (jws.verifySignature()) {
                    return Signature.VALID;
                }
            }
            // A token that names no key may be signed by one that is not at hand yet.
            boolean named = jws.getKeyIdHeaderValue() != null && !candidates.isEmpty();
            return named ? Signature.INVALID : Signature.UNKNOWN_KEY;
        } catch (JoseException | RuntimeException e) {
            return Signature.INVALID;
        }
    }
}
