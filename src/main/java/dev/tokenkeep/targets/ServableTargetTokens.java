package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.refresh.CertificateBinding;
import dev.tokenkeep.refresh.timing.RefreshTiming;
import dev.tokenkeep.session.targets.TargetToken;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Decides whether a reader gets the stored access token for a target, or has to wait for a new one. */
@Singleton
class ServableTargetTokens {

    private final RefreshTiming timing;
    private final CertificateBinding binding;
    private final Ticker ticker;

    ServableTargetTokens(RefreshTiming timing, CertificateBinding binding, Ticker ticker) {
        this.timing = timing;
        this.binding = binding;
        this.ticker = ticker;
    }

    /**
     * Returns the token if it is valid for {@code minTtl}, capped by the margin of its refresh. If the session is not
     * refreshed, any token that has not expired is good enough.
     */
    Optional<AccessToken> goodFor(WantedTarget wanted, Duration minTtl) {
        TargetToken token = wanted.usable();
        if (token == null) {
            return Optional.empty();
        }
        boolean refreshed = wanted.seen().isRefreshed();
        Duration remaining = token.remaining(ticker.nanos());
        Duration least = refreshed ? timing.effectiveMinTtl(minTtl, token.lifetime()) : Duration.ZERO;
        if (remaining.compareTo(Duration.ZERO) <= 0
                || remaining.compareTo(least) < 0
                || refreshed && binding.isOver(wanted.registration().name(), token.token(), token.obtainedNanos())) {
            return Optional.empty();
        }
        return Optional.of(new AccessToken(
                token.token().reveal(),
                token.type(),
                remaining,
                token.scope(),
                token.version(),
                wanted.session().status()));
    }

    /** Returns how long before its expiry a token of this lifetime is got again. */
    Duration margin(Duration lifetime) {
        return timing.margin(lifetime);
    }
}
