package dev.tokenkeep.caller;

import dev.tokenkeep.jose.JwkSet;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;

/** Verifies the JWTs of one issuer: one of {@code tokenkeep.issuers}, or the cluster. Thread-safe. */
final class NamedIssuer {

    private final JwkSet keys;
    private final JwtConsumer consumer;

    NamedIssuer(String issuer, Set<String> audiences, Set<String> algorithms, JwkSet keys, int skewSeconds) {
        this.keys = keys;
        consumer = new JwtConsumerBuilder()
                .setExpectedIssuer(issuer)
                .setExpectedAudience(audiences.toArray(String[]::new))
                .setJwsAlgorithmConstraints(
                        new AlgorithmConstraints(ConstraintType.PERMIT, algorithms.toArray(String[]::new)))
                .setVerificationKeyResolver(keys)
                .setRequireExpirationTime()
                .setRequireSubject()
                .setAllowedClockSkewInSeconds(skewSeconds)
                .build();
    }

    JwkSet keys() {
        return keys;
    }

    /** Verifies the JWT with the keys in memory. */
    JwtContext verified(String token) throws InvalidJwtException {
        JwtContext verified = consumer.process(token);
        verified.getJwtClaims().setClaim(Claims.raw_token.name(), token);
        return verified;
    }
}
