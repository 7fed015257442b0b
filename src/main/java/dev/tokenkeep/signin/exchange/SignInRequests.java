package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.refresh.RefreshSlots;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Lease;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Sends the token requests of sign-ins through their registration's guard. They need a permit, the breaker may stop them,
 * and a shutdown waits for them, as for refreshes. A user waits, so they go before the job.
 */
@Singleton
class SignInRequests {

    private final TokenEndpoint endpoint;
    private final RefreshSlots slots;
    private final ExchangeTimes times;

    SignInRequests(TokenEndpoint endpoint, RefreshSlots slots, ExchangeTimes times) {
        this.endpoint = endpoint;
        this.slots = slots;
        this.times = times;
    }

    /** Returns how long a claim has to keep others away. */
    Duration lease(ClientRegistration registration) {
        return times.claim(registration);
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
        Lease lease = times.sending();
        return slots.guard(registration)
                .call(id, false, () -> endpoint.send(registration, grant, lease, times.hardCap(registration)))
                .whenComplete((answer, never) -> slots.answered(registration, false));
    }

    /** The result is stored. */
    void over(ClientRegistration registration) {
        slots.over(registration);
    }
}
