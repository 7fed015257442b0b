package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.JsonWebKeys;
import dev.tokenkeep.authorizationserver.JsonWebKeys.Signature;
import dev.tokenkeep.oauth.IdTokenClaims;
import dev.tokenkeep.oauth.IdTokenRules;
import dev.tokenkeep.oauth.IdTokenRules.Finding;
import dev.tokenkeep.oauth.IdTokenRules.Verdict;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Judges a refreshed ID token (CONFORMANCE A14) by what is at hand, so that the verdict is written in the same transaction
 * as the tokens: whatever it is, those are stored, and another subject's are at no moment served.
 */
@Singleton
class IdTokenCheck {

    private static final Logger LOG = Logger.getLogger(IdTokenCheck.class);

    private final JsonWebKeys keys;
    private final IdTokenFollowUp followUp;
    private final RefreshMetrics metrics;

    IdTokenCheck(JsonWebKeys keys, IdTokenFollowUp followUp, RefreshMetrics metrics) {
        this.keys = keys;
        this.followUp = followUp;
        this.metrics = metrics;
    }

    /**
     * What is kept.
     *
     * @param idToken the refreshed one, or the one before it; null if there is none
     * @param otherSubject whether the answer is somebody else's
     * @param toVerify whether the signature's key has to be fetched first
     */
    record Kept(@Nullable Secret idToken, boolean otherSubject, boolean toVerify) {}

    Kept check(ClaimedSession claimed, ClientRegistration registration, @Nullable Secret refreshed, Instant now) {
        if (refreshed == null) {
            return new Kept(claimed.idToken(), false, false);
        }
        Finding finding = finding(claimed, registration, refreshed, now);
        if (finding.verdict() == Verdict.OTHER_SUBJECT) {
            return new Kept(claimed.idToken(), true, false);
        }
        if (finding.verdict() == Verdict.INVALID) {
            return distrusted(claimed, registration, finding.claim());
        }
        Signature signature = keys.signature(registration, refreshed);
        return switch (signature) {
            case INVALID -> distrusted(claimed, registration, "signature");
            case UNKNOWN_KEY -> new Kept(refreshed, false, true);
            // From the token endpoint itself, over TLS, it may be taken without (OpenID Connect Core 1.0 §3.1.3.7, 6).
            case NO_KEYS -> trusted(registration, refreshed, "claims_only");
            case VALID -> trusted(registration, refreshed, "valid");
        };
    }

    /** What could not be judged by what was at hand is now. */
    void onceStored(ClaimedSession claimed, ClientRegistration registration, Kept kept) {
        if (kept.toVerify() && kept.idToken() != null) {
            followUp.verify(claimed, registration, kept.idToken());
        }
    }

    private static Finding finding(
            ClaimedSession claimed, ClientRegistration registration, Secret refreshed, Instant now) {
        Optional<IdTokenClaims> claims = IdTokenClaims.read(refreshed);
        if (claims.isEmpty()) {
            return new Finding(Verdict.INVALID, "unreadable");
        }
        Secret before = claimed.idToken();
        return IdTokenRules.check(
                before == null ? null : IdTokenClaims.read(before).orElse(null),
                claims.get(),
                registration.issuer() == null ? null : Objects.toString(registration.issuer()),
                registration.clientId(),
                now);
    }

    private Kept trusted(ClientRegistration registration, Secret refreshed, String result) {
        metrics.of(registration).idTokenChecked(result);
        return new Kept(refreshed, false, false);
    }

    /** Everything else that came is good for what it is: the access token is the resource servers' to judge. */
    private Kept distrusted(ClaimedSession claimed, ClientRegistration registration, String claim) {
        metrics.of(registration).idTokenChecked("invalid");
        LOG.warnf("The refreshed ID token of session %s is not kept: %s", claimed.id(), claim);
        return new Kept(claimed.idToken(), false, false);
    }
}
