package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.CertificateBinding;
import dev.tokenkeep.refresh.timing.RefreshTiming;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Decides whether a reader gets the access token that there is, or has to wait for a new one. */
@Singleton
class ServableTokens {

    private final RefreshTiming timing;
    private final CertificateBinding binding;
    private final Ticker ticker;

    ServableTokens(RefreshTiming timing, CertificateBinding binding, Ticker ticker) {
        this.timing = timing;
        this.binding = binding;
        this.ticker = ticker;
    }

    /**
     * Returns the token if it is valid for {@code minTtl}, capped by the margin of its refresh. If the session cannot be
     * refreshed, any token that has not expired is good enough.
     */
    Optional<AccessToken> goodFor(SessionSnapshot seen, Duration minTtl) {
        return seen.isRefreshed()
                ? validFor(seen, timing.effectiveMinTtl(minTtl, seen.access().lifetime()))
                : any(seen);
    }

    /** Returns the token if it has not expired. */
    Optional<AccessToken> any(SessionSnapshot seen) {
        return validFor(seen, Duration.ZERO);
    }

    private Optional<AccessToken> validFor(SessionSnapshot seen, Duration ttl) {
        return TokenAvailability.token(seen, ttl, ticker.nanos()).filter(token -> !isOver(seen));
    }

    private boolean isOver(SessionSnapshot seen) {
        Secret token = seen.access().token();
        return token != null
                && seen.isRefreshed()
                && binding.isOver(seen.session().registration(), token, seen.obtainedNanos());
    }
}
