package dev.tokenkeep.jose;

import dev.tokenkeep.time.Ticker;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
 * The keys of one issuer. They are fetched when a JWT needs them, again every ten minutes, and when a JWT names a key that is not
 * among them. While the issuer can't be reached, the former keys stay valid. Never blocks: {@link #prepare} fetches, and
 * everything else looks at the keys at hand, so that an issuer that hangs holds no thread. Thread-safe.
 */
public final class JwkSet implements VerificationKeyResolver {

    private static final Logger LOG = Logger.getLogger(JwkSet.class);

    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration KEPT_IN_AN_OUTAGE = Duration.ofMinutes(1);
    /** After a failure, while there are no keys at all. */
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** After a key was looked for in vain: anybody can invent one. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

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

    /** A JWT can be neither accepted nor refused: its issuer can't be asked for its keys. */
    public static final class Unreachable extends UnresolvableKeyException {
        Unreachable(String owner) {
            super("The keys of " + owner + " can't be fetched");
        }
    }

    /** @param owner whose keys these are, for the log */
    public JwkSet(String owner, JwkSource source, Ticker ticker) {
        this.owner = owner;
        this.source = source;
        this.ticker = ticker;
    }

    /**
     * Fetches the keys if this JWT needs others than those at hand. One caller waits for keys that are only due, the others go on
     * with the former ones.
     *
     * @return completes when the JWT can be judged by the keys at hand, never exceptionally
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
        Duration kept = known.reached() ? KEPT : known.all().isEmpty() ? RETRY : KEPT_IN_AN_OUTAGE;
        return known.triedNanos() == null || ticker.nanos() - known.triedNanos() >= kept.toNanos();
    }

    private boolean mayLookAgain() {
        Long vain = vainNanos;
        return vain == null || ticker.nanos() - vain >= LOOK_AGAIN.toNanos();
    }

    private void lookedFor(JsonWebSignature jws) {
        vainNanos = isMissing(jws, keys) ? ticker.nanos() : null;
    }

    /** A JWT that names no key may be signed by one that is not at hand, whatever keys there are. */
    private boolean isMissing(JsonWebSignature jws, Keys known) {
        List<JsonWebKey> candidates = candidates(jws, known);
        return candidates.isEmpty() || (jws.getKeyIdHeaderValue() == null && !isVerified(jws, candidates));
    }

    /** Identity is meant: the same keys, fetched once more, are others. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized CompletionStage<Void> fetchedSince(Keys before, boolean waits) {
        if (keys != before) {
            return READY;
        }
        if (fetch != null) {
            return waits ? fetch : READY;
        }
        var started = new CompletableFuture<Void>();
        fetch = started;
        asked().whenComplete((document, failure) -> {
            take(document, failure);
            started.complete(null);
        });
        return started;
    }

    private CompletionStage<String> asked() {
        try {
            return source.fetch();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void take(@Nullable String document, @Nullable Throwable failure) {
        fetch = null;
        List<JsonWebKey> fetched = null;
        String why = reason(failure);
        if (document != null) {
            try {
                fetched = new JsonWebKeySet(document).getJsonWebKeys();
            } catch (JoseException | RuntimeException e) {
                // Without its message: it quotes what was answered.
                why = "the answer is not a JSON Web Key Set";
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
        return cause == null ? null : cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** What can be said of a signature. */
    public enum Signature {
        VALID,
        INVALID,
        /** The keys at hand do not have the one it names, or there are none yet. */
        UNKNOWN_KEY
    }

    /** Judges by the keys at hand. */
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
            } catch (JoseException e) {
                LOG.debugf("A key can't verify a JWT: %s", e.getClass().getName());
            }
        }
        return false;
    }

    private List<JsonWebKey> candidates(JsonWebSignature jws, Keys known) {
        try {
            return selector.selectList(jws, known.all());
        } catch (JoseException e) {
            return List.of();
        }
    }

    /**
     * The key at hand that verifies this JWT.
     *
     * @throws Unreachable if nobody can tell whether the issuer has such a key
     */
    @Override
    public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        Keys known = keys;
        JsonWebKey key;
        try {
            key = selector.select(jws, known.all());
        } catch (JoseException e) {
            throw new UnresolvableKeyException("No key of " + owner + " can be chosen", e);
        }
        if (key != null) {
            return key.getKey();
        }
        if (!known.reached()) {
            throw new Unreachable(owner);
        }
        throw new UnresolvableKeyException("No key of " + owner + " fits the JWT");
    }
}
