package dev.tokenkeep.caller;

import dev.tokenkeep.caller.SubjectIssuers.SubjectIssuer;
import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.problem.ProblemException;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the JWTs of users that say whose token a caller wants. Only issuers that the operator trusts with this count
 * (CONFORMANCE I8).
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class UserTokens {

    /** ID tokens, and security events such as logout tokens, have these. They are not for passing on. */
    private static final Set<String> NOT_OF_ACCESS_TOKENS = Set.of("nonce", "at_hash", "c_hash", "s_hash", "events");
    /** The types of the header (RFC 7519 §5.1, RFC 9068 §2.1). Other kinds of JWTs have types of their own. */
    private static final Set<String> HEADER_TYPES = Set.of("jwt", "at+jwt");
    /** The types of the claim that Keycloak gives to access tokens. Its ID tokens and refresh tokens have others. */
    private static final Set<String> CLAIM_TYPES = Set.of("jwt", "at+jwt", "bearer", "dpop");

    private static final String MEDIA_TYPE = "application/";
    private static final int MAX_ACTOR_LENGTH = 255;

    private final NamedIssuers named;
    private final CallerTokenVerifier verifier;
    private final SubjectIssuers trusted;

    UserTokens(NamedIssuers named, CallerTokenVerifier verifier, SubjectIssuers trusted) {
        this.named = named;
        this.verifier = verifier;
        this.trusted = trusted;
    }

    /**
     * Fetches the keys that this JWT needs, unless they are in memory or its issuer is not trusted with users. Never
     * blocks. Completes when {@link #verified} can judge the JWT, never exceptionally.
     */
    public CompletionStage<Void> prepare(String token) {
        return trusted.find(issuer(token)) == null ? CompletableFuture.completedFuture(null) : verifier.prepare(token);
    }

    /**
     * Returns the user; empty if the JWT is not valid, not of a trusted issuer, or no access token.
     *
     * @throws ProblemException if the keys of its issuer are unavailable, since the JWT may be valid
     */
    public Optional<UserToken> verified(String token) {
        String issuer = issuer(token);
        SubjectIssuer known = trusted.find(issuer);
        NamedIssuer verifying = named.find(issuer);
        if (known == null || verifying == null) {
            return Optional.empty();
        }
        try {
            JwtContext verified = verifying.verified(token);
            JwtClaims claims = verified.getJwtClaims();
            return isAccessToken(verified.getJoseObjects().get(0).getHeader("typ"), claims)
                    ? Optional.of(user(known, claims))
                    : Optional.empty();
        } catch (InvalidJwtException e) {
            if (e.getCause() instanceof JwkSet.Unreachable) {
                throw CallerTokenVerifier.unavailable("The user's token");
            }
            return Optional.empty();
        } catch (MalformedClaimException e) {
            return Optional.empty();
        }
    }

    private @Nullable String issuer(String token) {
        return verifier.isTooLong(token) ? null : CallerTokenVerifier.issuer(token);
    }

    /** An ID token tells a client who signed in. Not all have a claim of their own, but none has a scope. */
    private static boolean isAccessToken(@Nullable String headerType, JwtClaims claims) {
        String header = headerType == null ? "jwt" : headerType.toLowerCase(Locale.ROOT);
        String plain = header.startsWith(MEDIA_TYPE) ? header.substring(MEDIA_TYPE.length()) : header;
        Object type = claims.getClaimValue("typ");
        boolean ofSignIn = claims.hasClaim("auth_time") && !claims.hasClaim("scope") && !claims.hasClaim("scp");
        return HEADER_TYPES.contains(plain)
                && (type == null
                        || (type instanceof String text && CLAIM_TYPES.contains(text.toLowerCase(Locale.ROOT))))
                && NOT_OF_ACCESS_TOKENS.stream().noneMatch(claims::hasClaim)
                && (!ofSignIn || plain.equals("at+jwt"));
    }

    private static UserToken user(SubjectIssuer issuer, JwtClaims claims) throws MalformedClaimException {
        Map<?, ?> mayAct = object(claims.getClaimValue("may_act"));
        return new UserToken(
                issuer.name(),
                issuer.registrations(),
                new UserToken.Party(claims.getIssuer(), claims.getSubject()),
                claims.hasClaim("may_act") ? party(mayAct, claims.getIssuer()) : null,
                actor(object(claims.getClaimValue("act"))));
    }

    /** A party without an issuer is of the JWT's own (RFC 8693 §4.4). */
    private static UserToken.Party party(Map<?, ?> claims, String issuer) {
        String told = text(claims.get("iss"));
        return new UserToken.Party(told == null && !claims.containsKey("iss") ? issuer : told, text(claims.get("sub")));
    }

    private static @Nullable String actor(Map<?, ?> act) {
        String subject = text(act.get("sub"));
        return subject == null || subject.length() <= MAX_ACTOR_LENGTH
                ? subject
                : subject.substring(0, MAX_ACTOR_LENGTH);
    }

    private static Map<?, ?> object(@Nullable Object claim) {
        return claim instanceof Map<?, ?> map ? map : Map.of();
    }

    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String text ? text : null;
    }
}
