package dev.tokenkeep.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks the claims of a refreshed ID token (OpenID Connect Core 1.0 §12.2; CONFORMANCE A14). Has no side effects. */
public final class IdTokenRules {

    /** The allowed difference between the authorization server's clock and the database's. */
    static final Duration SKEW = Duration.ofMinutes(5);

    private IdTokenRules() {}

    /** The result of checking an ID token. */
    public enum Verdict {
        VALID,
        /** It belongs to another subject, so everything that came with it is not this session's. */
        OTHER_SUBJECT,
        /** It must not be used. */
        INVALID
    }

    /**
     * A verdict and the claim that caused it.
     *
     * @param claim the claim's name; empty for {@link Verdict#VALID}
     */
    public record Finding(Verdict verdict, String claim) {

        static final Finding VALID = new Finding(Verdict.VALID, "");

        static Finding invalid(String claim) {
            return new Finding(Verdict.INVALID, claim);
        }
    }

    /**
     * Compares a refreshed ID token with the one before it.
     *
     * @param before null if there was none, or it cannot be read
     * @param issuer the configured one; null if none is
     */
    public static Finding check(
            @Nullable IdTokenClaims before,
            IdTokenClaims refreshed,
            @Nullable String issuer,
            String clientId,
            Instant now) {
        // The subject comes first: if it is another one, nothing else matters.
        if (before != null && before.subject() != null && !before.subject().equals(refreshed.subject())) {
            return refreshed.subject() == null ? Finding.invalid("sub") : new Finding(Verdict.OTHER_SUBJECT, "sub");
        }
        if (refreshed.subject() == null) {
            return Finding.invalid("sub");
        }
        if (refreshed.issuer() == null || (issuer != null && !issuer.equals(refreshed.issuer()))) {
            return Finding.invalid("iss");
        }
        if (!refreshed.audience().contains(clientId)) {
            return Finding.invalid("aud");
        }
        if (refreshed.authorizedParty() != null && !refreshed.authorizedParty().equals(clientId)) {
            return Finding.invalid("azp");
        }
        Instant issuedAt = refreshed.issuedAt();
        if (issuedAt == null || issuedAt.isAfter(now.plus(SKEW))) {
            return Finding.invalid("iat");
        }
        return before == null ? Finding.VALID : against(before, refreshed, issuedAt);
    }

    private static Finding against(IdTokenClaims before, IdTokenClaims refreshed, Instant issuedAt) {
        if (!Objects.equals(before.issuer(), refreshed.issuer())) {
            return Finding.invalid("iss");
        }
        if (!before.audience().equals(refreshed.audience())) {
            return Finding.invalid("aud");
        }
        if (!Objects.equals(before.authorizedParty(), refreshed.authorizedParty())) {
            return Finding.invalid("azp");
        }
        if (before.issuedAt() != null && issuedAt.isBefore(before.issuedAt())) {
            return Finding.invalid("iat");
        }
        if (differs(before.signedIn().authTime(), refreshed.signedIn().authTime())) {
            return Finding.invalid("auth_time");
        }
        return differs(before.signedIn().nonce(), refreshed.signedIn().nonce())
                ? Finding.invalid("nonce")
                : Finding.VALID;
    }

    /** Returns whether both values are present and differ. A missing value contradicts nothing. */
    private static boolean differs(@Nullable Object before, @Nullable Object refreshed) {
        return before != null && refreshed != null && !before.equals(refreshed);
    }
}
