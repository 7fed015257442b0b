package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.JsonWebKeys;
import dev.tokenkeep.oauth.IdTokenClaims;
import dev.tokenkeep.oauth.IdTokenRules;
import dev.tokenkeep.oauth.IdTokenRules.Finding;
import dev.tokenkeep.oauth.IdTokenRules.Verdict;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
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
class IdTokenVerifier {

    private static final Logger LOG = Logger.getLogger(IdTokenVerifier.class);

    private final JsonWebKeys keys;
    private final DeferredIdTokenVerification deferred;
    private final RefreshMetrics metrics;

    IdTokenVerifier(JsonWebKeys keys, DeferredIdTokenVerification deferred, RefreshMetrics metrics) {
        this.keys = keys;
        this.deferred = deferred;
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

    Kept check(ClaimedRefresh refresh, @Nullable Secret refreshed, Instant now) {
        if (refreshed == null) {
            return new Kept(refresh.session().before().idToken(), false, false);
        }
        Finding finding = finding(refresh, refreshed, now);
        if (finding.verdict() == Verdict.OTHER_SUBJECT) {
            return new Kept(refresh.session().before().idToken(), true, false);
        }
        if (finding.verdict() == Verdict.INVALID) {
            return distrusted(refresh, finding.claim());
        }
        if (!keys.hasKeys(refresh.registration())) {
            // From the token endpoint itself, over TLS, it may be taken without (OpenID Connect Core 1.0 §3.1.3.7, 6).
            return trusted(refresh.registration(), refreshed, "claims_only");
        }
        return switch (keys.signature(refresh.registration(), refreshed)) {
            case INVALID -> distrusted(refresh, "signature");
            case UNKNOWN_KEY -> new Kept(refreshed, false, true);
            case VALID -> trusted(refresh.registration(), refreshed, "valid");
        };
    }

    /** What could not be judged by what was at hand is now. */
    void onceStored(ClaimedRefresh refresh, Kept kept) {
        if (kept.toVerify() && kept.idToken() != null) {
            deferred.verify(refresh, kept.idToken());
        }
    }

    private static Finding finding(ClaimedRefresh refresh, Secret refreshed, Instant now) {
        Optional<IdTokenClaims> claims = IdTokenClaims.read(refreshed);
        if (claims.isEmpty()) {
            return new Finding(Verdict.INVALID, "unreadable");
        }
        Secret before = refresh.session().before().idToken();
        return IdTokenRules.check(
                before == null ? null : IdTokenClaims.read(before).orElse(null),
                claims.get(),
                refresh.registration().server().issuer() == null
                        ? null
                        : Objects.toString(refresh.registration().server().issuer()),
                refresh.registration().client().id(),
                now);
    }

    private Kept trusted(ClientRegistration registration, Secret refreshed, String result) {
        metrics.of(registration).idTokenChecked(result);
        return new Kept(refreshed, false, false);
    }

    /** Everything else that came is good for what it is: the access token is the resource servers' to judge. */
    private Kept distrusted(ClaimedRefresh refresh, String claim) {
        metrics.of(refresh.registration()).idTokenChecked("invalid");
        LOG.warnf(
                "Discarded the refreshed ID token of session %s: %s",
                refresh.session().id(), claim);
        return new Kept(refresh.session().before().idToken(), false, false);
    }
}
