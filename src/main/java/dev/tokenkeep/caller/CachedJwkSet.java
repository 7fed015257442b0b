package dev.tokenkeep.caller;

import dev.tokenkeep.time.Ticker;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jose4j.http.SimpleGet;
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
 * The keys of one issuer. They are fetched once somebody needs them, now and then after that, and when a JWT names one that
 * is not among them; for as long as the issuer can't be reached, those of before are good. Thread-safe.
 */
final class CachedJwkSet implements VerificationKeyResolver {

    private static final Logger LOG = Logger.getLogger(CachedJwkSet.class);

    private static final Duration KEPT = Duration.ofMinutes(10);
    /** While the issuer can't be reached, how often it is tried. */
    private static final Duration KEPT_IN_AN_OUTAGE = Duration.ofMinutes(1);
    /** After a key was looked for in vain, how long none is looked for: anybody can invent one. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final String location;
    private final SimpleGet fetch;
    private final Ticker ticker;
    private final VerificationJwkSelector selector = new VerificationJwkSelector();
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Keys keys;
    private volatile @Nullable Long vainNanos;
    private volatile boolean told;

    /** @param reached whether the last try to fetch them succeeded */
    private record Keys(List<JsonWebKey> all, boolean reached, long triedNanos) {}

    /** Why a JWT can be neither believed nor refused: the issuer can't be asked for its keys. */
    static final class Unreachable extends UnresolvableKeyException {
        Unreachable(String location) {
            super("The key set of " + location + " can't be fetched");
        }
    }

    CachedJwkSet(String location, SimpleGet fetch, Ticker ticker) {
        this.location = location;
        this.fetch = fetch;
        this.ticker = ticker;
    }

    /** @throws Unreachable if nobody can tell whether the issuer has the key */
    @Override
    public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        Keys known = known();
        JsonWebKey key = selected(jws, known);
        if (key == null && mayLookAgain()) {
            known = fetchedSince(known);
            key = selected(jws, known);
            vainNanos = key == null ? ticker.nanos() : null;
        }
        if (key != null) {
            return key.getKey();
        }
        if (!known.reached()) {
            throw new Unreachable(location);
        }
        throw new UnresolvableKeyException("No key of " + location + " fits the JWT");
    }

    private @Nullable JsonWebKey selected(JsonWebSignature jws, Keys known) throws UnresolvableKeyException {
        try {
            return selector.select(jws, known.all());
        } catch (JoseException e) {
            throw new UnresolvableKeyException("No key of " + location + " can be chosen", e);
        }
    }

    private boolean mayLookAgain() {
        Long vain = vainNanos;
        return vain == null || ticker.nanos() - vain >= LOOK_AGAIN.toNanos();
    }

    /** One caller waits for the keys to be fetched anew, the others go on with those of before. */
    private Keys known() throws Unreachable {
        Keys now = keys;
        if (now == null) {
            return fetchedSince(null);
        }
        if (isDue(now) && fetching.tryLock()) {
            try {
                return fetchedSince(now);
            } finally {
                fetching.unlock();
            }
        }
        return now;
    }

    private boolean isDue(Keys now) {
        Duration kept = now.reached() ? KEPT : KEPT_IN_AN_OUTAGE;
        return ticker.nanos() - now.triedNanos() >= kept.toNanos();
    }

    /** Fetched, unless somebody else did it since then: the same keys fetched once more are others. */
    @SuppressWarnings("ReferenceEquality")
    private Keys fetchedSince(@Nullable Keys before) throws Unreachable {
        fetching.lock();
        try {
            Keys now = keys;
            return now == null || now == before ? fetched(now) : now;
        } finally {
            fetching.unlock();
        }
    }

    private Keys fetched(@Nullable Keys before) throws Unreachable {
        Keys now;
        try {
            now = new Keys(new JsonWebKeySet(fetch.get(location).getBody()).getJsonWebKeys(), true, ticker.nanos());
            told = false;
        } catch (IOException e) {
            now = unreachable(before, e.toString());
        } catch (JoseException e) {
            // Without its message: it quotes what was answered.
            now = unreachable(before, "it answers no JSON Web Key Set");
        }
        keys = now;
        return now;
    }

    /** The keys of before, if there are any. */
    private Keys unreachable(@Nullable Keys before, String why) throws Unreachable {
        if (!told) {
            told = true;
            LOG.warnf("Cannot fetch the keys for callers' JWTs from %s: %s", location, why);
        }
        if (before == null) {
            throw new Unreachable(location);
        }
        return new Keys(before.all(), false, ticker.nanos());
    }
}
