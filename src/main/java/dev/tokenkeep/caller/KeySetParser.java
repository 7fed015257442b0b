package dev.tokenkeep.caller;

import dev.tokenkeep.oauth.Signatures;
import dev.tokenkeep.time.Ticker;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jose4j.http.SimpleGet;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies by the {@link CachedJwkSet} of one issuer, whatever its keys sign with. A key that is configured itself is left to SmallRye
 * JWT.
 */
final class KeySetParser extends DefaultJWTTokenParser {

    private static final Set<SignatureAlgorithm> EVERY = Signatures.ALGORITHMS.stream()
            .map(SignatureAlgorithm::fromAlgorithm)
            .collect(Collectors.toUnmodifiableSet());

    private final SimpleGet fetch;
    private final Ticker ticker;
    private final boolean every;
    private @Nullable CachedJwkSet keySet;

    /** @param every whether any algorithm will do, and not the configured one alone */
    KeySetParser(SimpleGet fetch, Ticker ticker, boolean every) {
        this.fetch = fetch;
        this.ticker = ticker;
        this.every = every;
    }

    @Override
    public JwtContext parse(String token, JWTAuthContextInfo context) throws ParseException {
        return super.parse(token, every && isKeySet(context.getPublicKeyLocation()) ? ofEvery(context) : context);
    }

    private static JWTAuthContextInfo ofEvery(JWTAuthContextInfo context) {
        var all = new JWTAuthContextInfo(context);
        all.setSignatureAlgorithm(EVERY);
        return all;
    }

    private static boolean isKeySet(@Nullable String location) {
        return location != null && location.startsWith("http");
    }

    @Override
    protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo context)
            throws UnresolvableKeyException {
        String location = context.getPublicKeyLocation();
        return isKeySet(location) ? keySet(location) : super.getVerificationKeyResolver(context);
    }

    private synchronized CachedJwkSet keySet(String location) {
        if (keySet == null) {
            keySet = new CachedJwkSet(location, fetch, ticker);
        }
        return keySet;
    }
}
