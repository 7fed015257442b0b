package dev.tokenkeep.rest;

import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.time.Duration;
import org.jose4j.http.SimpleGet;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies by the key set of one issuer. The set is kept for as long as the issuer can't be reached, and fetched again once
 * a JWT names a key that is not in it. A key that is configured itself is left to SmallRye JWT.
 */
final class KeySetParser extends DefaultJWTTokenParser {

    private static final Duration KEPT = Duration.ofHours(1);
    /** While the issuer can't be reached, how often it is tried. */
    private static final Duration KEPT_IN_AN_OUTAGE = Duration.ofMinutes(1);

    /** At most so often for keys that are not in it, lest anybody's invented one makes a request. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final SimpleGet fetch;
    private final Duration again;
    private @Nullable VerificationKeyResolver keySet;

    KeySetParser(SimpleGet fetch) {
        this(fetch, AGAIN);
    }

    /** @param again how often at most keys are looked for that are not in the set */
    KeySetParser(SimpleGet fetch, Duration again) {
        this.fetch = fetch;
        this.again = again;
    }

    @Override
    protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo context)
            throws UnresolvableKeyException {
        String location = context.getPublicKeyLocation();
        return location != null && location.startsWith("http")
                ? keySet(location)
                : super.getVerificationKeyResolver(context);
    }

    private synchronized VerificationKeyResolver keySet(String location) {
        if (keySet == null) {
            var keys = new HttpsJwks(location);
            keys.setSimpleHttpGet(fetch);
            keys.setDefaultCacheDuration(KEPT.toSeconds());
            keys.setRetainCacheOnErrorDuration(KEPT_IN_AN_OUTAGE.toSeconds());
            keys.setRefreshReprieveThreshold(again.toMillis());
            keySet = new HttpsJwksVerificationKeyResolver(keys);
        }
        return keySet;
    }
}
