package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.oauth.Secret;
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
     * Returns the token if it is valid for {@code minTtl}, capped by the margin of its refresh, and not bound to a former
     * certificate. If the session cannot be refreshed, any token that has not expired is good enough.
     */
    Optional<AccessToken> goodFor(SessionSnapshot seen, Duration minTtl) {
        if (!seen.isRefreshed()) {
            return any(seen);
        }
        Duration ttl = timing.effectiveMinTtl(minTtl, seen.access().lifetime());
        return TokenAvailability.token(seen, ttl, ticker.nanos()).filter(token -> !isOver(seen));
    }

    private boolean isOver(SessionSnapshot seen) {
        Secret token = seen.access().token();
        return token != null && binding.isOver(seen.session().registration(), token);
    }

    /** Returns the token if it has not expired: better than none, after a refresh that brought no other. */
    Optional<AccessToken> any(SessionSnapshot seen) {
        return TokenAvailability.token(seen, Duration.ZERO, ticker.nanos());
    }
}
