package dev.tokenkeep.oauth;

import dev.tokenkeep.oauth.IdTokenRules.Finding;
import dev.tokenkeep.oauth.IdTokenRules.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the claims of the ID token that a sign-in brought (OpenID Connect Core 1.0 §3.1.3.7; CONFORMANCE H7, H8). Has
 * no side effects. Does not verify the signature.
 */
public final class SignInIdTokenRules {

    private SignInIdTokenRules() {}

    /**
     * What the ID token must say.
     *
     * @param issuer null if none is configured
     * @param nonce null if none was sent
     * @param maxAge how long ago the user may have authenticated; null if that was not asked
     * @param acrValues the classes of authentication that were asked for; empty for any
     * @param subject the user who has to sign in again; null for any
     * @param hasKeys whether the authorization server publishes keys that verify its signature
     */
    public record Expected(
            @Nullable String issuer,
            String clientId,
            @Nullable Secret nonce,
            @Nullable Duration maxAge,
            Set<String> acrValues,
            @Nullable String subject,
            boolean hasKeys) {

        public Expected withNonce(@Nullable Secret sent) {
            return new Expected(issuer, clientId, sent, maxAge, acrValues, subject, hasKeys);
        }
    }

    /** @param accessToken the access token that came with it */
    public static Finding check(
            IdTokenClaims claims, Secret idToken, Expected expected, @Nullable Secret accessToken, Instant now) {
        // The nonce comes first: without it, nothing shows that the tokens belong to this sign-in (RFC 9700 §4.5.3.2).
        String nonce = claims.signedIn().nonce();
        if (expected.nonce() != null && (nonce == null || !expected.nonce().equals(Secret.of(nonce)))) {
            return Finding.invalid("nonce");
        }
        String claim = isSigned(idToken) ? invalidParty(claims, expected) : "alg";
        if (claim == null) {
            claim = invalidTime(claims, now);
        }
        if (claim == null) {
            claim = invalidAuthentication(claims.signedIn(), expected, now);
        }
        if (claim == null && !AccessTokenHash.matches(claims.signedIn().accessTokenHash(), idToken, accessToken)) {
            claim = "at_hash";
        }
        if (claim != null) {
            return Finding.invalid(claim);
        }
        return expected.subject() == null || expected.subject().equals(claims.subject())
                ? Finding.VALID
                : new Finding(Verdict.OTHER_SUBJECT, "sub");
    }

    private static boolean isSigned(Secret idToken) {
        return JwtPayload.algorithm(idToken)
                .filter(algorithm -> !algorithm.equalsIgnoreCase("none"))
                .isPresent();
    }

    private static @Nullable String invalidParty(IdTokenClaims claims, Expected expected) {
        if (claims.subject() == null) {
            return "sub";
        }
        if (claims.issuer() == null
                || (expected.issuer() != null && !expected.issuer().equals(claims.issuer()))) {
            return "iss";
        }
        // No other audience is trusted.
        return claims.audience().equals(Set.of(expected.clientId())) ? null : "aud";
    }

    private static @Nullable String invalidTime(IdTokenClaims claims, Instant now) {
        Instant issuedAt = claims.issuedAt();
        if (issuedAt == null || issuedAt.isAfter(now.plus(IdTokenRules.SKEW))) {
            return "iat";
        }
        Instant expiresAt = claims.expiresAt();
        return expiresAt == null || !expiresAt.isAfter(now.minus(IdTokenRules.SKEW)) ? "exp" : null;
    }

    private static @Nullable String invalidAuthentication(
            IdTokenClaims.SignedIn signedIn, Expected expected, Instant now) {
        Instant authTime = signedIn.authTime();
        if (expected.maxAge() != null
                && (authTime == null
                        || authTime.isBefore(now.minus(expected.maxAge()).minus(IdTokenRules.SKEW)))) {
            return "auth_time";
        }
        return expected.acrValues().isEmpty()
                        || (signedIn.acr() != null && expected.acrValues().contains(signedIn.acr()))
                ? null
                : "acr";
    }
}
