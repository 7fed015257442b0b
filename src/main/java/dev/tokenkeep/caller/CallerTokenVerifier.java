package dev.tokenkeep.caller;

import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemType;
import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/**
 * Verifies callers' JWTs: those of {@code mp.jwt.verify.*}, as SmallRye JWT does, those of {@code tokenkeep.issuers},
 * and those that the cluster issues to its service accounts. Only in the service: an application verifies its callers'
 * JWTs itself.
 */
@Singleton
@Alternative
@Priority(1)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class CallerTokenVerifier extends JWTCallerPrincipalFactory {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final CompletionStage<Void> READY = CompletableFuture.completedFuture(null);
    /** Reads a JWT before it is verified, to find the issuer that has to verify it. */
    private static final JwtConsumer UNVERIFIED = new JwtConsumerBuilder()
            .setSkipAllValidators()
            .setDisableRequireSignature()
            .setSkipSignatureVerification()
            .build();

    private final ConfiguredIssuer configured;
    private final Function<@Nullable String, @Nullable NamedIssuer> named;
    private final long longest;

    @Inject
    CallerTokenVerifier(
            JWTAuthContextInfo configured, NamedIssuers named, IssuerKeys keys, ApiConfig config, Config raw) {
        this(
                new ConfiguredIssuer(keySet(configured.getPublicKeyLocation(), keys), isPinned(raw)),
                named::find,
                config.maxJwtSize().asLongValue());
    }

    private static @Nullable JwkSet keySet(@Nullable String location, IssuerKeys keys) {
        return location != null && location.startsWith("http") ? keys.at(location) : null;
    }

    /** Whether an algorithm is configured, by the setting of MicroProfile JWT or by SmallRye's own. */
    private static boolean isPinned(Config config) {
        return Stream.of("mp.jwt.verify.publickey.algorithm", "smallrye.jwt.verify.algorithm")
                .anyMatch(name -> config.getOptionalValue(name, String.class).isPresent());
    }

    CallerTokenVerifier(
            ConfiguredIssuer configured, Function<@Nullable String, @Nullable NamedIssuer> named, long longest) {
        this.configured = configured;
        this.named = named;
        this.longest = longest;
    }

    /**
     * Fetches the keys that this JWT needs, unless they are in memory. Never blocks: an issuer that hangs must not hold
     * the threads that callers of other issuers need.
     *
     * @return completes when {@link #parse} can judge the JWT, never exceptionally
     */
    CompletionStage<Void> prepare(String token) {
        if (isTooLong(token)) {
            return READY;
        }
        try {
            JwtContext unverified = UNVERIFIED.process(token);
            NamedIssuer one = named.apply(unverified.getJwtClaims().getIssuer());
            JwkSet keys = one == null ? configured.keys() : one.keys();
            return keys != null && unverified.getJoseObjects().get(0) instanceof JsonWebSignature jws
                    ? keys.prepare(jws)
                    : READY;
        } catch (InvalidJwtException | MalformedClaimException | RuntimeException e) {
            // It is refused when it is parsed.
            return READY;
        }
    }

    boolean isTooLong(String token) {
        return token.length() > longest;
    }

    /**
     * @throws ProblemException if the keys of the JWT's issuer are unavailable, since the JWT may be valid; also if the
     *     JWT is too long, which its issuer can change
     */
    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo context) throws ParseException {
        if (isTooLong(token)) {
            throw new ProblemException(ProblemMapper.invalidToken(
                    "The caller's JWT has %d characters, but tokenkeep.api.max-jwt-size allows %d"
                            .formatted(token.length(), longest)));
        }
        JwtContext verified = verified(token, context);
        String type = verified.getJoseObjects().get(0).getHeader("typ");
        return new DefaultJWTCallerPrincipal(type, verified.getJwtClaims());
    }

    private JwtContext verified(String token, JWTAuthContextInfo context) throws ParseException {
        NamedIssuer one = named.apply(issuer(token));
        try {
            return one == null ? configured.parse(token, context) : one.verified(token);
        } catch (ParseException e) {
            throw refused(e.getCause(), e.getCause());
        } catch (InvalidJwtException e) {
            throw refused(e, e.getCause());
        }
    }

    private static ParseException refused(@Nullable Throwable failure, @Nullable Throwable cause) {
        if (cause instanceof JwkSet.Unreachable) {
            throw unavailable("The caller's token");
        }
        // The failure is not passed on as the cause: its message quotes the JWT.
        return new ParseException(reason(failure));
    }

    /** @param token whose token it is, for the problem's detail */
    static ProblemException unavailable(String token) {
        return new ProblemException(
                Problem.of(ProblemType.ISSUER_UNAVAILABLE, token + " cannot be verified: signing keys unavailable")
                        .retryAfter(RETRY_AFTER));
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof InvalidJwtException invalid
                ? "The JWT is refused with error codes "
                        + invalid.getErrorDetails().stream()
                                .map(detail -> String.valueOf(detail.getErrorCode()))
                                .toList()
                : "The JWT is refused: "
                        + (cause == null ? "invalid claims" : cause.getClass().getSimpleName());
    }

    /** Returns the issuer that a JWT names, unverified; null if it names none or is no JWT. */
    static @Nullable String issuer(String token) {
        try {
            return UNVERIFIED.process(token).getJwtClaims().getIssuer();
        } catch (InvalidJwtException | MalformedClaimException | RuntimeException e) {
            return null;
        }
    }
}
