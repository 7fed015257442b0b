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
 * Sends token requests that spend no refresh token of a session: polls, grants that callers send, and exchanges. They use a share of their
 * registration's permits, and what they end with counts neither for nor against it: one that fails must not stop
 * refreshes. A shutdown waits for them.
 */
@Singleton
public class AsideRequests {

    private final TokenEndpoint endpoint;
    private final RefreshSlots slots;
    private final ExchangeTimes times;

    AsideRequests(TokenEndpoint endpoint, RefreshSlots slots, ExchangeTimes times) {
        this.endpoint = endpoint;
        this.slots = slots;
        this.times = times;
    }

    /** Returns how long a claim has to keep other replicas away. */
    public Duration lease(ClientRegistration registration) {
        return times.claim(registration);
    }

    /** Returns until when a request that is claimed now may be sent. */
    public Lease sending() {
        return times.sending();
    }

    /** Takes what up to {@code wanted} requests need. Returns for how many there was enough. */
    public int begin(ClientRegistration registration, int wanted) {
        return slots.takeAside(registration, wanted);
    }

    /** Gives back what {@link #begin} took for requests that are not sent. */
    public void giveUp(ClientRegistration registration, int number) {
        slots.giveBackAside(registration, number);
    }

    /** Sends one. Never completes exceptionally. */
    public CompletionStage<TokenAnswer> send(ClientRegistration registration, Grant grant, Lease sending) {
        return endpoint.send(registration, grant, sending, times.hardCap(registration));
    }

    /** The request is over, whether or not it was sent. */
    public void answered(ClientRegistration registration) {
        slots.answeredAside(registration);
    }

    /** The result is stored. */
    public void over(ClientRegistration registration) {
        slots.over(registration);
    }
}
