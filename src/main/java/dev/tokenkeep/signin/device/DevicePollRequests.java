package dev.tokenkeep.signin.device;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.RefreshSlots;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.exchange.ExchangeTimes;
import dev.tokenkeep.time.Lease;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Sends polls. They use a share of their registration's permits, and what they end with counts neither for nor against
 * it: a device grant that fails must not stop refreshes. A shutdown waits for them.
 */
@Singleton
class DevicePollRequests {

    private final TokenEndpoint endpoint;
    private final RefreshSlots slots;
    private final ExchangeTimes times;

    DevicePollRequests(TokenEndpoint endpoint, RefreshSlots slots, ExchangeTimes times) {
        this.endpoint = endpoint;
        this.slots = slots;
        this.times = times;
    }

    /** Returns how long a claim has to keep other replicas away. */
    Duration lease(ClientRegistration registration) {
        return times.claim(registration);
    }

    /** Returns until when a poll that is claimed now may be sent. */
    Lease sending() {
        return times.sending();
    }

    /** Takes what up to {@code wanted} polls need. Returns for how many there was enough. */
    int begin(ClientRegistration registration, int wanted) {
        return slots.takeAside(registration, wanted);
    }

    /** Gives back what {@link #begin} took for polls that are not sent. */
    void giveUp(ClientRegistration registration, int number) {
        slots.giveBackAside(registration, number);
    }

    /** Sends a poll. Never completes exceptionally. */
    CompletionStage<TokenAnswer> send(ClientRegistration registration, Secret deviceCode, Lease sending) {
        return endpoint.send(registration, Grant.deviceCode(deviceCode), sending, times.hardCap(registration));
    }

    /** The request is over, whether or not it was sent. */
    void answered(ClientRegistration registration) {
        slots.answeredAside(registration);
    }

    /** The result is stored. */
    void over(ClientRegistration registration) {
        slots.over(registration);
    }
}
