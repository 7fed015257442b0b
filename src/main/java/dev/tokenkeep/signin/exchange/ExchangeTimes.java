package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How long the token request of a sign-in may take, from its claim until its result is stored. */
@Singleton
public class ExchangeTimes {

    /** From the claim to the first byte. */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(10);
    /** From the response until it is stored. */
    private static final Duration STORED_WITHIN = Duration.ofSeconds(20);

    private final RefreshTimeouts timeouts;
    private final Ticker ticker;

    ExchangeTimes(RefreshTimeouts timeouts, Ticker ticker) {
        this.timeouts = timeouts;
        this.ticker = ticker;
    }

    /** Returns how long a claim has to keep others away. */
    public Duration claim(ClientRegistration registration) {
        return SENT_WITHIN.plus(hardCap(registration)).plus(STORED_WITHIN);
    }

    /** Returns until when a request that is claimed now may be sent. */
    public Lease sending() {
        return new Lease(Deadline.after(ticker.nanos(), SENT_WITHIN));
    }

    public Duration hardCap(ClientRegistration registration) {
        return timeouts.hardCap(registration);
    }
}
