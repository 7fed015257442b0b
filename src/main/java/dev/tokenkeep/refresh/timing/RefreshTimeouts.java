package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RotationPolicy;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimTerms.Unknown;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.settings.RateLimit;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The time limits of a registration's refreshes, and what a claim has to know of it. */
@Singleton
public class RefreshTimeouts {

    /** Between the authorization server's reckoning of a leeway and ours. */
    private static final Duration CLOCK_MARGIN = Duration.ofSeconds(1);

    /** A request that is sent again has so long to be worked on, by a server whose readers wait no longer than this. */
    private static final Duration WORKED_ON = Duration.ofSeconds(5);

    private final RefreshConfig config;

    @Inject
    RefreshTimeouts(RefreshConfig config) {
        this.config = config;
    }

    public Duration timeout(ClientRegistration registration) {
        Duration own = registration.limits().timeout();
        return own == null ? min(config.timeout(), hardCap(registration)) : own;
    }

    public Duration hardCap(ClientRegistration registration) {
        return Objects.requireNonNullElse(registration.limits().hardCap(), config.hardCap());
    }

    /** How long a claimed session is nobody else's, unless its owner renews it. */
    public Duration lease() {
        return config.lease();
    }

    public ClaimTerms claimTerms(ClientRegistration registration) {
        Duration window = retryWindow(registration);
        return new ClaimTerms(
                registration.name(),
                credential(registration),
                lease(),
                switch (registration.refreshTokens().rotation().kind()) {
                    case NONE -> Unknown.RETRY;
                    case LEEWAY -> window.isZero() ? Unknown.WAIT_FOR_EXPIRY : Unknown.RETRY_WITHIN;
                    case STRICT -> Unknown.WAIT_FOR_EXPIRY;
                },
                window,
                budget(registration.limits().rateLimit()),
                null);
    }

    /** How long after its first use a refresh token may be sent again: it must be worked on inside the leeway. */
    Duration retryWindow(ClientRegistration registration) {
        Duration timeout = timeout(registration);
        Duration workedOn = min(hardCap(registration), timeout.compareTo(WORKED_ON) > 0 ? timeout : WORKED_ON);
        Duration window = registration
                .refreshTokens()
                .rotation()
                .leeway()
                .minus(CLOCK_MARGIN)
                .minus(workedOn);
        return window.isNegative() ? Duration.ZERO : window;
    }

    /** Until when a refresh token whose outcome is unknown may be sent again. */
    Instant leewayEnd(ClaimedSession claimed, ClientRegistration registration) {
        return claimed.spent().firstSentAt().plus(retryWindow(registration));
    }

    /** From when on it is sent once more, whatever the breaker says. */
    Instant lastChance(ClaimedSession claimed, ClientRegistration registration) {
        long nanos = (long) (retryWindow(registration).toNanos() * ClaimTerms.LAST_CHANCE_FROM);
        return claimed.spent().firstSentAt().plusNanos(nanos);
    }

    /** Whether this claim is for that. */
    public boolean isLastChance(ClaimedSession claimed, ClientRegistration registration) {
        return registration.refreshTokens().rotation().kind() == RotationPolicy.Kind.LEEWAY
                && claimed.failedBefore()
                && claimed.spent().outcomeOpen()
                && !claimed.attempt().claimedAt().isBefore(lastChance(claimed, registration))
                && claimed.attempt().claimedAt().isBefore(leewayEnd(claimed, registration));
    }

    /** What the client authenticates with: a pause ends when it changes. */
    public static Secret credential(ClientRegistration registration) {
        Secret secret = registration.client().secret();
        return Secret.of(registration.client().authentication().registeredName()
                + "\n"
                + registration.client().id()
                + "\n"
                + (secret == null ? "" : secret.reveal()));
    }

    /** A tenth of the requests at once and the others evenly, so that no period sees more than it may. */
    public static @Nullable Budget budget(@Nullable RateLimit limit) {
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
