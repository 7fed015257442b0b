package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a session whose refresh failed is tried again (CONFORMANCE D). */
@Singleton
public class RetryPolicy {

    private final Backoff backoff;
    private final RefreshTimeouts timeouts;

    RetryPolicy(Backoff backoff, RefreshTimeouts timeouts) {
        this.backoff = backoff;
        this.timeouts = timeouts;
    }

    /** The refresh token was certainly not spent by this attempt; what the server asks for wins. */
    public Instant afterRefusal(ClaimedSession claimed, @Nullable Duration retryAfter, Instant now) {
        return now.plus(retryAfter == null ? backoff.after(claimed.history().failures()) : retryAfter);
    }

    /**
     * The refresh token may have been spent. Where it is not rotated it is simply sent again; inside a leeway too, the last time
     * near its end; and otherwise not before the access token has expired, when there is nothing to lose any more.
     */
    public Instant afterUnknown(
            ClaimedSession claimed, ClientRegistration registration, @Nullable Duration retryAfter, Instant now) {
        Instant soon = afterRefusal(claimed, retryAfter, now);
        return switch (registration.refreshTokens().rotation().kind()) {
            case NONE -> soon;
            case LEEWAY -> withinLeeway(claimed, registration, retryAfter, now, soon);
            case STRICT -> onceExpired(claimed, soon);
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
