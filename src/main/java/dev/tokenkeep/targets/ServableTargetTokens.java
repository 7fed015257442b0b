package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.refresh.timing.RefreshTiming;
import dev.tokenkeep.session.targets.TargetToken;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokens.CertificateBinding;
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
     * Returns the token if it is valid for {@code minTtl}, capped by the margin of its refresh, and not bound to a former
     * certificate. If the session is not refreshed, any token that has not expired is good enough.
     */
    Optional<AccessToken> goodFor(WantedTarget wanted, Duration minTtl) {
        TargetToken token = wanted.usable();
        if (token == null || !wanted.seen().isRefreshed()) {
            return any(wanted);
        }
        boolean tooShort =
                token.remaining(ticker.nanos()).compareTo(timing.effectiveMinTtl(minTtl, token.lifetime())) < 0;
        return tooShort || binding.isOver(wanted.registration().name(), token.token()) ? Optional.empty() : any(wanted);
    }

    /** Returns the token if it has not expired: better than none, after a request that brought no other. */
    Optional<AccessToken> any(WantedTarget wanted) {
        TargetToken token = wanted.usable();
        if (token == null) {
            return Optional.empty();
        }
        Duration remaining = token.remaining(ticker.nanos());
        return remaining.compareTo(Duration.ZERO) <= 0
                ? Optional.empty()
                : Optional.of(new AccessToken(
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
