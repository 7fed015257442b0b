package dev.tokenkeep.caller;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemType;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/**
 * Verifies callers' JWTs, as SmallRye JWT does by {@code mp.jwt.verify.*}, and besides those of {@code tokenkeep.issuers} and
 * those that the cluster issues to its service accounts. In the service alone: an application verifies its own.
 */
@Singleton
@Alternative
@Priority(1)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class CallerTokenVerifier extends JWTCallerPrincipalFactory {

    /** Pinned: the pod's own token goes there, and must not go wherever somebody's configuration says. */
    static final String CLUSTER_KEYS = "https://kubernetes.default.svc/openid/v1/jwks";

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
    private final Function<@Nullable String, @Nullable NamedIssuer> named;
    private final long longest;

    @Inject
    CallerTokenVerifier(
            KubernetesConfig kubernetes,
            NamedIssuers named,
            IssuerHttpAccess access,
            ApiConfig config,
            Ticker ticker,
            Config jwt) {
        this(
                kubernetes.issuer(),
                new KeySetParser(new KeySetFetch(access, ticker), ticker, !isPinned(jwt)),
                new KeySetParser(
                        new KeySetFetch(new KubernetesHttpAccess(KubernetesHttpAccess.MOUNT), ticker), ticker, true),
                named::find,
                config.maxJwtSize().asLongValue());
    }

    /** By the setting of MicroProfile JWT, or by SmallRye's own. */
    private static boolean isPinned(Config config) {
        return Stream.of("mp.jwt.verify.publickey.algorithm", "smallrye.jwt.verify.algorithm")
                .anyMatch(name -> config.getOptionalValue(name, String.class).isPresent());
    }

    CallerTokenVerifier(
            Optional<String> clusterIssuer,
            DefaultJWTTokenParser issuer,
            DefaultJWTTokenParser cluster,
            Function<@Nullable String, @Nullable NamedIssuer> named,
            long longest) {
        this.clusterIssuer = clusterIssuer;
        this.issuer = issuer;
        this.cluster = cluster;
        this.named = named;
        this.longest = longest;
    }

    /**
     * @throws ProblemException if nobody can tell, for an issuer that can't be asked for its keys: the JWT may be good; and if it
     *     is too long, which its issuer can mend
     */
    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo configured) throws ParseException {
        if (token.length() > longest) {
            throw new ProblemException(ProblemMapper.invalidToken(
                    "The caller's JWT has %d characters, and tokenkeep.api.max-jwt-size allows %d"
                            .formatted(token.length(), longest)));
        }
        JwtContext verified = verified(token, configured);
        String type = verified.getJoseObjects().get(0).getHeader("typ");
        return new DefaultJWTCallerPrincipal(type, verified.getJwtClaims());
    }

    private JwtContext verified(String token, JWTAuthContextInfo configured) throws ParseException {
        String told = issuer(token);
        NamedIssuer one = named.apply(told);
        try {
            if (one != null) {
                return one.verified(token);
            }
            return clusterIssuer.isPresent() && clusterIssuer.get().equals(told)
                    ? cluster.parse(token, ofCluster(configured, clusterIssuer.get()))
                    : issuer.parse(token, configured);
        } catch (ParseException e) {
            throw refused(e.getCause(), e.getCause());
        } catch (InvalidJwtException e) {
            throw refused(e, e.getCause());
        }
    }

    private static ParseException refused(@Nullable Throwable failure, @Nullable Throwable cause) {
        if (cause instanceof CachedJwkSet.Unreachable) {
            throw new ProblemException(Problem.of(
                            ProblemType.ISSUER_UNAVAILABLE,
                            "The caller's token cannot be verified: signing keys unavailable")
                    .retryAfter(AGAIN));
        }
        // Not as the cause: its message quotes the JWT.
        return new ParseException(reason(failure));
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

    private static @Nullable String issuer(String token) {
        try {
            return UNVERIFIED.process(token).getJwtClaims().getIssuer();
        } catch (InvalidJwtException | MalformedClaimException e) {
            return null;
        }
    }

    /** The same audience and skew; another issuer and its keys. */
    private static JWTAuthContextInfo ofCluster(JWTAuthContextInfo configured, String issuer) {
        var context = new JWTAuthContextInfo(CLUSTER_KEYS, issuer);
        context.setExpectedAudience(configured.getExpectedAudience());
        context.setClockSkew(configured.getClockSkew());
        context.setRequireNamedPrincipal(true);
        return context;
    }
}
