package dev.tokenkeep.caller;

import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.oauth.Signatures;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the JWTs of the issuer of {@code mp.jwt.verify.*} with its key set. Accepts all supported algorithms,
 * unless one is configured. If the key itself is configured, SmallRye JWT verifies them.
 */
final class ConfiguredIssuer extends DefaultJWTTokenParser {

    private static final Set<SignatureAlgorithm> ALL = Signatures.ALGORITHMS.stream()
            .map(SignatureAlgorithm::fromAlgorithm)
            .collect(Collectors.toUnmodifiableSet());

    private final @Nullable JwkSet keys;
    private final boolean pinned;

    /**
     * @param keys null if the key itself is configured
     * @param pinned whether only the configured algorithm is accepted
     */
    ConfiguredIssuer(@Nullable JwkSet keys, boolean pinned) {
        this.keys = keys;
        this.pinned = pinned;
    }

    @Nullable
    JwkSet keys() {
        return keys;
    }

    @Override
    public JwtContext parse(String token, JWTAuthContextInfo context) throws ParseException {
        return super.parse(token, keys == null || pinned ? context : ofAll(context));
    }

    private static JWTAuthContextInfo ofAll(JWTAuthContextInfo context) {
        var all = new JWTAuthContextInfo(context);
        all.setSignatureAlgorithm(ALL);
        return all;
    }

    @Override
    protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo context)
            throws UnresolvableKeyException {
        return keys == null ? super.getVerificationKeyResolver(context) : keys;
    }
}
