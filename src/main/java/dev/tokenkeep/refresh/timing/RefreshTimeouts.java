package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RotationPolicy;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimTerms.Registered;
import dev.tokenkeep.session.ClaimTerms.Unknown;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.settings.RateLimit;
import dev.tokenkeep.time.Durations;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Provides the time limits of a registration's refreshes, and the terms of its claims. */
@Singleton
public class RefreshTimeouts {

    /** The tolerance between the authorization server's measure of a leeway and ours. */
    private static final Duration CLOCK_MARGIN = Duration.ofSeconds(1);

    /**
     * How long the authorization server may work on a request that is sent again, unless the registration's timeout is
     * longer.
     */
    private static final Duration WORKED_ON = Duration.ofSeconds(5);

    private final RefreshConfig config;

    @Inject
    RefreshTimeouts(RefreshConfig config) {
        this.config = config;
    }

    public Duration timeout(ClientRegistration registration) {
        Duration own = registration.limits().timeout();
        return own == null ? Durations.shorter(config.timeout(), hardCap(registration)) : own;
    }

    public Duration hardCap(ClientRegistration registration) {
        return Objects.requireNonNullElse(registration.limits().hardCap(), config.hardCap());
    }

    /** Returns how long a claim keeps others away from a session, unless its owner renews the lease. */
    public Duration lease() {
        return config.lease();
    }

    public ClaimTerms claimTerms(ClientRegistration registration) {
        Duration window = retryWindow(registration);
        return new ClaimTerms(
                new Registered(
                        registration.name(), registration.server().origin().destination()),
                registration.client().credential(),
                lease(),
                switch (registration.refreshTokens().rotation().kind()) {
                    case NONE -> Unknown.RETRY;
                    case LEEWAY -> window.isZero() ? Unknown.WAIT_FOR_EXPIRY : Unknown.RETRY_WITHIN;
                    case STRICT ->
                        registration.refreshTokens().rotation().waitsForExpiry()
                                ? Unknown.WAIT_FOR_EXPIRY
                                : Unknown.RETRY;
                },
                window,
                budget(registration.limits().rateLimit()),
                () -> registration.accessTokens().newDpopKey(),
                null);
    }

    /**
     * Returns how long after its first use a refresh token may be sent again. The authorization server must process it
     * inside the leeway.
     */
    Duration retryWindow(ClientRegistration registration) {
        Duration timeout = timeout(registration);
        Duration workedOn =
                Durations.shorter(hardCap(registration), timeout.compareTo(WORKED_ON) > 0 ? timeout : WORKED_ON);
        Duration window = registration
                .refreshTokens()
                .rotation()
                .leeway()
                .minus(CLOCK_MARGIN)
                .minus(workedOn);
        return window.isNegative() ? Duration.ZERO : window;
    }

    /** Returns until when a refresh token whose outcome is unknown may be sent again. */
    Instant leewayEnd(ClaimedSession claimed, ClientRegistration registration) {
        return claimed.spent().firstSentAt().plus(retryWindow(registration));
    }

    /** Returns from when on this refresh token is sent once more, whatever the breaker says. */
    Instant lastChance(ClaimedSession claimed, ClientRegistration registration) {
        return after(ClaimTerms.LAST_CHANCE_FROM, claimed, registration);
    }

    /** Returns when this part of the time is over in which the refresh token may be sent again. */
    private Instant after(double part, ClaimedSession claimed, ClientRegistration registration) {
        return claimed.spent().firstSentAt().plusNanos((long)
                (retryWindow(registration).toNanos() * part));
    }

    /** Returns whether this claim is for one of the last chances, which no breaker stops. */
    public boolean isLastChance(ClaimedSession claimed, ClientRegistration registration) {
        return registration.refreshTokens().rotation().kind() == RotationPolicy.Kind.LEEWAY
                && claimed.spent().outcomeOpen()
                && !claimed.attempt().claimedAt().isBefore(after(ClaimTerms.FIRST_CHANCE_FROM, claimed, registration))
                && claimed.attempt().claimedAt().isBefore(leewayEnd(claimed, registration));
    }

    /**
     * Allows a tenth of the requests at once and spreads the others evenly, so that no period gets more than its limit.
     */
    public static @Nullable Budget budget(@Nullable RateLimit limit) {
        if (limit == null) {
            return null;
        }
        int burst = Math.max(1, limit.requests() / 10);
        long others = limit.requests() - burst + 1L;
        // Rounded up to the next microsecond: the database counts no finer.
        long micros = (limit.per().toNanos() + others * 1000 - 1) / (others * 1000);
        return new Budget(Duration.of(micros, ChronoUnit.MICROS), burst);
    }
}
