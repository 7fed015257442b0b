package dev.tokenkeep.rest;

import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/**
 * Verifies callers' JWTs, as SmallRye JWT does by {@code mp.jwt.verify.*}, and besides those that the cluster issues to its
 * service accounts. In the service alone: an application verifies its own.
 */
@Singleton
@Alternative
@Priority(1)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class CallerTokens extends JWTCallerPrincipalFactory {

    /** Pinned: the pod's own token goes there, and must not go wherever somebody's configuration says. */
    static final String CLUSTER_KEYS = "https://kubernetes.default.svc/openid/v1/jwks";

    private static final int LONGEST = 8 * 1024;
    private static final Duration AGAIN = Duration.ofSeconds(5);
    /** Looks into a JWT before it is verified, to see who has to verify it. */
    private static final JwtConsumer UNVERIFIED = new JwtConsumerBuilder()
            .setSkipAllValidators()
            .setDisableRequireSignature()
            .setSkipSignatureVerification()
            .build();

    private final Optional<String> clusterIssuer;
    private final DefaultJWTTokenParser issuer;
    private final DefaultJWTTokenParser cluster;

    @Inject
    CallerTokens(KubernetesConfig kubernetes, IssuerAccess access, Ticker ticker) {
        this(
                kubernetes.issuer(),
                new KeySetParser(new KeySetFetch(access, ticker), ticker),
                new KeySetParser(new KeySetFetch(new ServiceAccount(ServiceAccount.MOUNT), ticker), ticker));
    }

    CallerTokens(Optional<String> clusterIssuer, DefaultJWTTokenParser issuer, DefaultJWTTokenParser cluster) {
        this.clusterIssuer = clusterIssuer;
        this.issuer = issuer;
        this.cluster = cluster;
    }

    /** @throws ProblemException if nobody can tell, for an issuer that can't be asked for its keys: the JWT may be good */
    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo configured) throws ParseException {
        if (token.length() > LONGEST) {
            throw new ParseException("The JWT is longer than " + LONGEST + " characters");
        }
        JwtContext verified = verified(token, configured);
        String type = verified.getJoseObjects().get(0).getHeader("typ");
        return new DefaultJWTCallerPrincipal(type, verified.getJwtClaims());
    }

    private JwtContext verified(String token, JWTAuthContextInfo configured) throws ParseException {
        try {
            return clusterIssuer.isPresent() && issuedBy(clusterIssuer.get(), token)
                    ? cluster.parse(token, ofCluster(configured, clusterIssuer.get()))
                    : issuer.parse(token, configured);
        } catch (ParseException e) {
            if (e.getCause() instanceof KeySet.Unreachable) {
                throw new ProblemException(
                        Problem.of(ProblemType.ISSUER_UNAVAILABLE, "Whether the caller's token is good can't be told")
                                .retryAfter(AGAIN));
            }
            // Not as the cause: its message quotes the JWT.
            throw new ParseException(reason(e.getCause()));
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof InvalidJwtException invalid
                ? "The JWT is refused for "
                        + invalid.getErrorDetails().stream()
                                .map(detail -> String.valueOf(detail.getErrorCode()))
                                .toList()
                : "The JWT is refused: "
                        + (cause == null ? "its claims" : cause.getClass().getSimpleName());
    }

    private static boolean issuedBy(String issuer, String token) {
        try {
            return issuer.equals(UNVERIFIED.process(token).getJwtClaims().getIssuer());
        } catch (InvalidJwtException | MalformedClaimException e) {
            return false;
        }
    }

    /** The same audience, algorithms and skew; another issuer and its keys. */
    private static JWTAuthContextInfo ofCluster(JWTAuthContextInfo configured, String issuer) {
        var context = new JWTAuthContextInfo(CLUSTER_KEYS, issuer);
        context.setExpectedAudience(configured.getExpectedAudience());
        context.setSignatureAlgorithm(configured.getSignatureAlgorithm());
        context.setClockSkew(configured.getClockSkew());
        context.setRequireNamedPrincipal(true);
        return context;
    }
}
