package dev.tokenkeep.rest;

import dev.tokenkeep.time.Ticker;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import org.jose4j.http.SimpleGet;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/** Verifies by the {@link KeySet} of one issuer. A key that is configured itself is left to SmallRye JWT. */
final class KeySetParser extends DefaultJWTTokenParser {

    private final SimpleGet fetch;
    private final Ticker ticker;
    private @Nullable KeySet keySet;

    KeySetParser(SimpleGet fetch, Ticker ticker) {
        this.fetch = fetch;
        this.ticker = ticker;
    }

    @Override
    protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo context)
            throws UnresolvableKeyException {
        String location = context.getPublicKeyLocation();
        return location != null && location.startsWith("http")
                ? keySet(location)
                : super.getVerificationKeyResolver(context);
    }

    private synchronized KeySet keySet(String location) {
        if (keySet == null) {
            keySet = new KeySet(location, fetch, ticker);
        }
        return keySet;
    }
}
