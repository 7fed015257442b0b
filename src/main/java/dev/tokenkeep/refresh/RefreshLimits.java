package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RateLimit;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimTerms.Unknown;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The time limits of a registration's refreshes, and what a claim has to know of it. */
@Singleton
class RefreshLimits {

    /** What is left of a lease after the hard cap, to store the answer. */
    static final Duration STORE_ALLOWANCE = Duration.ofSeconds(2);

    /** Between the authorization server's reckoning of a leeway and ours. */
    private static final Duration CLOCK_MARGIN = Duration.ofSeconds(1);

    private final RefreshConfig config;

    @Inject
    RefreshLimits(RefreshConfig config) {
        this.config = config;
    }

    Duration timeout(ClientRegistration registration) {
        Duration own = registration.timeout();
        return own == null ? min(config.timeout(), hardCap(registration)) : own;
    }

    Duration hardCap(ClientRegistration registration) {
        return Objects.requireNonNullElse(registration.hardCap(), config.hardCap());
    }

    /** A slow authorization server's registration has a longer lease, so that its hard cap fits in. */
    Duration lease(ClientRegistration registration) {
        Duration needed = hardCap(registration).plus(STORE_ALLOWANCE);
        return needed.compareTo(config.lease()) > 0 ? needed : config.lease();
    }

    ClaimTerms claimTerms(ClientRegistration registration) {
        Duration window = retryWindow(registration);
        return new ClaimTerms(
                registration.name(),
                credential(registration),
                lease(registration),
                switch (registration.rotation().kind()) {
                    case NONE -> Unknown.RETRY;
                    case LEEWAY -> window.isZero() ? Unknown.WAIT_FOR_EXPIRY : Unknown.RETRY_WITHIN;
                    case STRICT -> Unknown.WAIT_FOR_EXPIRY;
                },
                window,
                budget(registration.rateLimit()),
                null);
    }

    /** How long after its first use a refresh token may be sent again: the answer must come inside the leeway. */
    Duration retryWindow(ClientRegistration registration) {
        Duration window = registration.rotation().leeway().minus(CLOCK_MARGIN).minus(hardCap(registration));
        return window.isNegative() ? Duration.ZERO : window;
    }

    /** What the client authenticates with: a pause ends when it changes. */
    static Secret credential(ClientRegistration registration) {
        Secret secret = registration.clientSecret();
        return Secret.of(registration.clientAuthentication().registeredName()
                + "\n"
                + registration.clientId()
                + "\n"
                + (secret == null ? "" : secret.reveal()));
    }

    /** A tenth of the requests at once and the others evenly, so that no period sees more than it may. */
    static @Nullable Budget budget(@Nullable RateLimit limit) {
        if (limit == null) {
            return null;
        }
        int burst = Math.max(1, limit.requests() / 10);
        long others = limit.requests() - burst + 1L;
        // Up to the next microsecond, which is as fine as the database counts.
        long micros = (limit.per().toNanos() + others * 1000 - 1) / (others * 1000);
        return new Budget(Duration.of(micros, ChronoUnit.MICROS), burst);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
