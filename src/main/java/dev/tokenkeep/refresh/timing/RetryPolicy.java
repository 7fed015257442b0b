package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides when a session whose refresh failed is tried again (CONFORMANCE D). */
@Singleton
public class RetryPolicy {

    private final Backoff backoff;
    private final RefreshTimeouts timeouts;

    RetryPolicy(Backoff backoff, RefreshTimeouts timeouts) {
        this.backoff = backoff;
        this.timeouts = timeouts;
    }

    /**
     * Returns when to try again after a refusal. This attempt certainly did not spend the refresh token. A delay that
     * the authorization server asks for wins.
     */
    public Instant afterRefusal(ClaimedSession claimed, @Nullable Duration retryAfter, Instant now) {
        return now.plus(retryAfter == null ? backoff.after(claimed.history().failures()) : retryAfter);
    }

    /**
     * Returns when to try again after an unknown outcome: the refresh token may have been spent. If it is not rotated,
     * or nothing is spent, it is simply sent again. Inside a leeway it is also sent again, the last time near the
     * leeway's end. Otherwise it is not sent before there is nothing left to lose: the access token has expired, or a
     * refresh has ended it.
     */
    public Instant afterUnknown(
            ClaimedSession claimed, ClientRegistration registration, @Nullable Duration retryAfter, Instant now) {
        Instant soon = afterRefusal(claimed, retryAfter, now);
        if (!claimed.spent().isSpent()) {
            return soon;
        }
        return switch (registration.refreshTokens().rotation().kind()) {
            case NONE -> soon;
            case LEEWAY -> withinLeeway(claimed, registration, retryAfter, now, soon);
            case STRICT -> registration.refreshTokens().rotation().waitsForExpiry() ? onceExpired(claimed, soon) : soon;
        };
    }

    private Instant withinLeeway(
            ClaimedSession claimed,
            ClientRegistration registration,
            @Nullable Duration retryAfter,
            Instant now,
            Instant soon) {
        Instant lastChance = timeouts.lastChance(claimed, registration);
        if (soon.isBefore(timeouts.leewayEnd(claimed, registration))) {
            return soon;
        }
        return retryAfter == null && now.isBefore(lastChance) ? lastChance : onceExpired(claimed, soon);
    }

    private static Instant onceExpired(ClaimedSession claimed, Instant soon) {
        Instant expiry = claimed.before().accessTokenExpiresAt();
        return expiry == null || expiry.isBefore(soon) ? soon : expiry;
    }
}
