package dev.tokenkeep.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a refreshed ID token may claim (OpenID Connect Core 1.0 §12.2; CONFORMANCE A14). Pure. */
public final class IdTokenRules {

    /** Between the authorization server's clock and the database's. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private IdTokenRules() {}

    /** What is to be thought of an ID token. */
    public enum Verdict {
        VALID,
        /** Somebody else's: whatever came with it is not this session's. */
        OTHER_SUBJECT,
        /** Not to be believed. */
        INVALID
    }

    /**
     * A verdict and what it is about.
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
     * Holds a refreshed ID token against the one before it.
     *
     * @param before null if there was none, or none that can be read
     * @param issuer the configured one; null if none is
     */
    public static Finding check(
            @Nullable IdTokenClaims before,
            IdTokenClaims refreshed,
            @Nullable String issuer,
            String clientId,
            Instant now) {
        // First: whoever it is about, nothing else matters if it is somebody else.
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
        if (differs(before.authTime(), refreshed.authTime())) {
            return Finding.invalid("auth_time");
        }
        return differs(before.nonce(), refreshed.nonce()) ? Finding.invalid("nonce") : Finding.VALID;
    }

    /** What is not said contradicts nothing. */
    private static boolean differs(@Nullable Object before, @Nullable Object refreshed) {
        return before != null && refreshed != null && !before.equals(refreshed);
    }
}
