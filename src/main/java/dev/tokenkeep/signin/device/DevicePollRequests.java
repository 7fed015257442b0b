package dev.tokenkeep.signin.device;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.oauth.Secret;
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
 * Sends polls. They use a share of their registration's permits, and what they end with counts neither for nor against
 * it: a device grant that fails must not stop refreshes. A shutdown waits for them.
 */
@Singleton
class DevicePollRequests {

    /** From the claim to the first byte. */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(10);
    /** From the response until it is stored. */
    private static final Duration STORED_WITHIN = Duration.ofSeconds(20);

    private final TokenEndpoint endpoint;
    private final RefreshSlots slots;
    private final RefreshTimeouts timeouts;
    private final Ticker ticker;

    DevicePollRequests(TokenEndpoint endpoint, RefreshSlots slots, RefreshTimeouts timeouts, Ticker ticker) {
        this.endpoint = endpoint;
        this.slots = slots;
        this.timeouts = timeouts;
        this.ticker = ticker;
    }

    /** Returns how long a claim has to keep other replicas away. */
    Duration lease(ClientRegistration registration) {
        return SENT_WITHIN.plus(timeouts.hardCap(registration)).plus(STORED_WITHIN);
    }

    /** Returns when a poll that is claimed now must have been sent. */
    Deadline sentBy() {
        return Deadline.after(ticker.nanos(), SENT_WITHIN);
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
    CompletionStage<TokenAnswer> send(ClientRegistration registration, Secret deviceCode, Deadline sentBy) {
        return endpoint.send(
                registration, Grant.deviceCode(deviceCode), new Lease(sentBy), timeouts.hardCap(registration));
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
