package dev.tokenkeep.jose;

import dev.tokenkeep.time.Ticker;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Caches the keys of one issuer. Fetches them when a JWT needs them, again every ten minutes, and when a JWT names a
 * key that is missing. While the issuer cannot be reached, the former keys stay valid. Never blocks: only {@link
 * #prepare} fetches; everything else uses the cached keys, so an issuer that hangs holds no thread. Thread-safe.
 */
public final class JwkSet implements VerificationKeyResolver {

    private static final Logger LOG = Logger.getLogger(JwkSet.class);

    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final Duration MAX_AGE_IN_AN_OUTAGE = Duration.ofMinutes(1);
    /** The wait after a failure while there are no keys at all. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
    /** The wait after a key was not found: anybody can invent a key ID. */
    private static final Duration UNKNOWN_KEY_DELAY = Duration.ofSeconds(10);

    private static final Duration MAX_FETCH = Duration.ofSeconds(15);

    private static final CompletionStage<Void> READY = CompletableFuture.completedFuture(null);

    private final String owner;
    private final JwkSource source;
    private final Ticker ticker;
    private final VerificationJwkSelector selector = new VerificationJwkSelector();
    private volatile Keys keys = new Keys(List.of(), false, null);
    private volatile @Nullable Long vainNanos;
    private @Nullable CompletableFuture<Void> fetch;
    private boolean told;

    /** @param reached whether the last fetch succeeded */
    private record Keys(
            List<JsonWebKey> all, boolean reached, @Nullable Long triedNanos) {}

    /** A JWT can be neither accepted nor rejected, because its issuer's keys cannot be fetched. */
    public static final class Unreachable extends UnresolvableKeyException {
        Unreachable(String owner) {
            super("The keys of " + owner + " cannot be fetched");
        }
    }

    /** @param owner whose keys these are, for the log */
    public JwkSet(String owner, JwkSource source, Ticker ticker) {
        this.owner = owner;
        this.source = source;
        this.ticker = ticker;
    }

    /**
     * Fetches the keys if they are due or if this JWT needs a key that is missing. If they are only due, one caller
     * waits for the fetch and the others continue with the former keys.
     *
     * @return completes when the JWT can be judged by the cached keys; never exceptionally
     */
    public CompletionStage<Void> prepare(JsonWebSignature jws) {
        Keys known = keys;
        boolean missing = isMissing(jws, known);
        if (!isDue(known) && !(missing && mayLookAgain())) {
            return READY;
        }
        CompletionStage<Void> fetched = fetchedSince(known, missing);
        return missing ? fetched.thenRun(() -> lookedFor(jws)) : fetched;
    }

    private boolean isDue(Keys known) {
        Duration kept = known.reached() ? MAX_AGE : known.all().isEmpty() ? RETRY_DELAY : MAX_AGE_IN_AN_OUTAGE;
        return known.triedNanos() == null || ticker.nanos() - known.triedNanos() >= kept.toNanos();
    }

    private boolean mayLookAgain() {
        Long vain = vainNanos;
        return vain == null || ticker.nanos() - vain >= UNKNOWN_KEY_DELAY.toNanos();
    }

    private void lookedFor(JsonWebSignature jws) {
        vainNanos = isMissing(jws, keys) ? ticker.nanos() : null;
    }

    /**
     * Returns whether the JWT may need a key that is not cached. Without a key ID that holds whenever no cached key
     * verifies it.
     */
    private boolean isMissing(JsonWebSignature jws, Keys known) {
        List<JsonWebKey> candidates = candidates(jws, known);
        return candidates.isEmpty()
                || (jws.getHeaders().getObjectHeaderValue("kid") == null && !isVerified(jws, candidates));
    }

    /** Compares by identity on purpose: the same keys, fetched again, count as new ones. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized CompletionStage<Void> fetchedSince(Keys before, boolean waits) {
        if (keys != before) {
            return READY;
        }
        if (fetch != null) {
            return waits ? fetch.copy() : READY;
        }
        var started = new CompletableFuture<Void>();
        fetch = started;
        asked().whenComplete((document, failure) -> {
            try {
                take(document, failure);
            } finally {
                started.complete(null);
            }
        });
        // A copy, because a caller that gives up may cancel what it waits for.
        return started.copy();
    }

    /** Fetches the document, or fails in time whatever the source does: another fetch has to be possible. */
    private CompletionStage<String> asked() {
        CompletionStage<String> asked;
        try {
            asked = source.fetch();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        return asked.toCompletableFuture().copy().orTimeout(MAX_FETCH.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void take(@Nullable String document, @Nullable Throwable failure) {
        fetch = null;
        List<JsonWebKey> fetched = null;
        String why = reason(failure);
        if (document != null) {
            try {
                fetched = new JsonWebKeySet(document).getJsonWebKeys();
            } catch (JoseException | RuntimeException e) {
                // Without its message, because it quotes the response.
                why = "the response is not a JSON Web Key Set";
            }
        }
        if (fetched == null && !told) {
            LOG.warnf("Cannot fetch the keys of %s: %s", owner, why);
        }
        told = fetched == null;
        keys = new Keys(fetched == null ? keys.all() : fetched, fetched != null, ticker.nanos());
    }

    private static @Nullable String reason(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "no response in time";
        }
        return cause != null && cause.getClass() == IOException.class
                ? cause.getMessage()
                : Objects.toString(cause, null);
    }

    /** The result of checking a signature. */
    public enum Signature {
        VALID,
        INVALID,
        /** The key that it names is not cached, or there are no keys yet. */
        UNKNOWN_KEY
    }

    /** Checks a signature with the cached keys. */
    public Signature signature(JsonWebSignature jws) {
        Keys known = keys;
        if (isVerified(jws, candidates(jws, known))) {
            return Signature.VALID;
        }
        return isMissing(jws, known) ? Signature.UNKNOWN_KEY : Signature.INVALID;
    }

    private static boolean isVerified(JsonWebSignature jws, List<JsonWebKey> candidates) {
        for (JsonWebKey key : candidates) {
            try {
                jws.setKey(key.getKey());
                if (jws.verifySignature()) {
                    return true;
                }
            } catch (JoseException | RuntimeException e) {
                LOG.debugf("A key cannot verify a JWT: %s", e.getClass().getName());
            }
        }
        return false;
    }

    private List<JsonWebKey> candidates(JsonWebSignature jws, Keys known) {
        try {
            return selector.selectList(jws, known.all());
        } catch (JoseException | RuntimeException e) {
            // A header that is no string makes jose4j throw a ClassCastException.
            return List.of();
        }
    }

    /**
     * Returns the cached key that verifies this JWT.
     *
     * @throws Unreachable if no cached key fits and the last fetch failed, so the issuer may have such a key
     */
    @Override
    public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        Keys known = keys;
        JsonWebKey key;
        try {
            key = selector.select(jws, known.all());
        } catch (JoseException | RuntimeException e) {
            throw new UnresolvableKeyException("Cannot choose a key of " + owner, e);
        }
        if (key != null) {
            return key.getKey();
        }
        if (!known.reached()) {
            throw new Unreachable(owner);
        }
        throw new UnresolvableKeyException("No key of " + owner + " matches the JWT");
    }
}
