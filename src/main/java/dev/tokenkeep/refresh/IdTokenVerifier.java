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
 * Verifies a refreshed ID token (CONFORMANCE A14) with the keys at hand, so that the verdict is written in the same
 * transaction as the tokens. The tokens are stored whatever the verdict is. Tokens of another subject are never served.
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
     * The ID token to keep, and the verdict.
     *
     * @param idToken the refreshed ID token, or the one before it; null if there is none
     * @param otherSubject whether the token response belongs to another subject
     * @param toVerify whether the key of the signature has to be fetched first
     */
    record Kept(@Nullable Secret idToken, boolean otherSubject, boolean toVerify) {}

    Kept check(ClaimedRefresh refresh, @Nullable Secret refreshed, Instant now) {
        if (refreshed == null) {
            return new Kept(refresh.session().before().idToken(), false, false);
        }
        try {
            return judged(refresh, refreshed, now);
        } catch (RuntimeException e) {
            // Nothing about an ID token may keep the refresh token beside it from being stored.
            LOG.errorf(
                    "Checking an ID token failed unexpectedly: %s", e.getClass().getName());
            return distrusted(refresh, "unreadable");
        }
    }

    private Kept judged(ClaimedRefresh refresh, Secret refreshed, Instant now) {
        Finding finding = finding(refresh, refreshed, now);
        if (finding.verdict() == Verdict.OTHER_SUBJECT) {
            return new Kept(refresh.session().before().idToken(), true, false);
        }
        if (finding.verdict() == Verdict.INVALID) {
            return distrusted(refresh, finding.claim());
        }
        if (!keys.hasKeys(refresh.registration())) {
            // It came directly from the token endpoint, so TLS may replace the signature check (OpenID Connect Core 1.0
            // §3.1.3.7, 6).
            return trusted(refresh.registration(), refreshed, "claims_only");
        }
        return switch (keys.signature(refresh.registration(), refreshed)) {
            case INVALID -> distrusted(refresh, "signature");
            case UNKNOWN_KEY -> new Kept(refreshed, false, true);
            case VALID -> trusted(refresh.registration(), refreshed, "valid");
        };
    }

    /** Verifies the ID token after it was stored, if its key was not at hand before. */
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

    /** Keeps the ID token from before. The other tokens are still good: the resource servers judge the access token. */
    private Kept distrusted(ClaimedRefresh refresh, String claim) {
        metrics.of(refresh.registration()).idTokenChecked("invalid");
        LOG.warnf(
                "Discarded the refreshed ID token of session %s: %s",
                refresh.session().id(), claim);
        return new Kept(refresh.session().before().idToken(), false, false);
    }
}
