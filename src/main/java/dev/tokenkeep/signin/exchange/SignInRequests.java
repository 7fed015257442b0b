package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.refresh.RefreshSlots;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Sends the token requests of sign-ins through their registration's guard. They need a permit, the breaker may stop them,
 * and a shutdown waits for them, as for refreshes. A user waits, so they go before the job.
 */
@Singleton
public class SignInRequests {

    /** From the claim to the first byte. */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(10);
    /** From the response until it is stored. */
    private static final Duration STORED_WITHIN = Duration.ofSeconds(20);

    /** RFC 8628 §3.5. */
    private static final Set<String> ABOUT_THE_USER =
            Set.of("authorization_pending", "slow_down", "access_denied", "expired_token");

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
    public Duration lease(ClientRegistration registration) {
        return SENT_WITHIN.plus(timeouts.hardCap(registration)).plus(STORED_WITHIN);
    }

    /** Takes what a request needs. Returns whether there was any; then {@link #over} gives it back. */
    public boolean begin(String id, ClientRegistration registration) {
        return slots.takeFor(id, registration, false);
    }

    /** Gives back what {@link #begin} took, if nothing is sent. */
    public void giveUp(ClientRegistration registration) {
        slots.giveBackFor(registration, false);
    }

    /** Sends the request. Never completes exceptionally. */
    public CompletionStage<TokenAnswer> send(String id, ClientRegistration registration, Grant grant) {
        return send(id, registration, grant, UnaryOperator.identity());
    }

    /**
     * Sends a poll of the device grant, as {@link #send} does. What the authorization server says about the user alone
     * does not count against the client.
     */
    public CompletionStage<TokenAnswer> poll(String id, ClientRegistration registration, Grant grant) {
        return send(id, registration, grant, SignInRequests::aboutTheUser);
    }

    private static TokenAnswer aboutTheUser(TokenAnswer answer) {
        return answer.outcome() instanceof TokenResult.Refused refused && ABOUT_THE_USER.contains(refused.code())
                ? new TokenAnswer(
                        new TokenResult.Refused(FailureClass.USER_ACTION, refused.code(), refused.retryAfter()),
                        answer.startedNanos())
                : answer;
    }

    private CompletionStage<TokenAnswer> send(
            String id, ClientRegistration registration, Grant grant, UnaryOperator<TokenAnswer> reading) {
        var lease = new Lease(Deadline.after(ticker.nanos(), SENT_WITHIN));
        return slots.guard(registration)
                .call(
                        id,
                        false,
                        () -> endpoint.send(registration, grant, lease, timeouts.hardCap(registration))
                                .thenApply(reading))
                .whenComplete((answer, never) -> slots.answered(registration, false));
    }

    /** The result is stored. */
    public void over(ClientRegistration registration) {
        slots.over(registration);
    }
}
