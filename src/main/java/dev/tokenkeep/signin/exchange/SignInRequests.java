package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.refresh.RefreshSlots;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Sends the token requests of sign-ins through their registration's guard. They need a permit, the breaker may stop them,
 * and a shutdown waits for them, as for refreshes. A user waits, so they go before the job.
 */
@Singleton
class SignInRequests {

    /** From the claim to the first byte. */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(10);
    /** From the response until it is stored. */
    private static final Duration STORED_WITHIN = Duration.ofSeconds(20);

    private final TokenEndpoint endpoint;
    private final RefreshSlots slots;
    private final RefreshTimeouts timeouts;
    private final Ticker ticker;

    SignInRequests(TokenEndpoint endpoint, RefreshSlots slots, RefreshTimeouts timeouts, Ticker ticker) {
        this.endpoint = endpoint;
        this.slots = slots;
        this.timeouts = timeouts;
        this.ticker = ticker;
    }

    /** Returns how long a claim has to keep others away. */
    Duration lease(ClientRegistration registration) {
        return SENT_WITHIN.plus(timeouts.hardCap(registration)).plus(STORED_WITHIN);
    }

    /** Takes what a request needs. Returns whether there was any; then {@link #over} gives it back. */
    boolean begin(String id, ClientRegistration registration) {
        return slots.takeFor(id, registration, false);
    }

    /** Gives back what {@link #begin} took, if nothing is sent. */
    void giveUp(ClientRegistration registration) {
        slots.giveBackFor(registration, false);
    }

    /** Sends the request. Never completes exceptionally. */
    CompletionStage<TokenAnswer> send(String id, ClientRegistration registration, Grant grant) {
        var lease = new Lease(Deadline.after(ticker.nanos(), SENT_WITHIN));
        return slots.guard(registration)
                .call(id, false, () -> endpoint.send(registration, grant, lease, timeouts.hardCap(registration)))
                .whenComplete((answer, never) -> slots.answered(registration, false));
    }

    /** The result is stored. */
    void over(ClientRegistration registration) {
        slots.over(registration);
    }
}
