package dev.tokenkeep.signin.device;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.SignInEndpoints;
import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.exchange.AsideRequests;
import dev.tokenkeep.signin.exchange.Attempt;
import dev.tokenkeep.signin.exchange.SignInTokens;
import dev.tokenkeep.signin.exchange.SignInTraces;
import dev.tokenkeep.signin.store.DeviceAuthorizations.Due;
import dev.tokenkeep.time.Lease;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks an authorization server once whether a user has signed in (RFC 8628 §3.4). */
@Singleton
class DevicePoll {

    private static final Logger LOG = Logger.getLogger(DevicePoll.class);
    private static final Duration HARD_CAP = Duration.ofSeconds(10);

    private final SignInEndpoints endpoints;
    private final AsideRequests requests;
    private final SignInTokens tokens;
    private final DevicePollResult result;
    private final Workers workers;
    private final SignInTraces traces;

    DevicePoll(
            SignInEndpoints endpoints,
            AsideRequests requests,
            SignInTokens tokens,
            DevicePollResult result,
            Workers workers,
            SignInTraces traces) {
        this.endpoints = endpoints;
        this.requests = requests;
        this.tokens = tokens;
        this.result = result;
        this.workers = workers;
        this.traces = traces;
    }

    /**
     * What came of a poll.
     *
     * @param attempt null if nothing was sent
     */
    private record Polled(TokenAnswer answer, @Nullable Attempt attempt) {

        static Polled notSent(String code) {
            return new Polled(new TokenAnswer(new NotSent(code), 0), null);
        }
    }

    /**
     * Sends a poll for which there is a slot. Does not block. Whatever fails, the poll is due again once its lease ends.
     */
    void send(Due due, ClientRegistration registration, Lease sending) {
        traces.devicePoll(registration, () -> polledAndStored(due, registration, sending))
                .whenComplete((done, failure) -> {
                    requests.over(registration);
                    if (failure != null) {
                        DatabaseFailure.log(LOG, failure, "Cannot poll for a device sign-in");
                    }
                });
    }

    private CompletionStage<?> polledAndStored(Due due, ClientRegistration registration, Lease sending) {
        return endpoints
                .device(registration, HARD_CAP)
                .thenComposeAsync(look -> polled(due, registration, look, sending), workers.goingOn())
                .whenComplete((polled, failure) -> requests.answered(registration))
                .thenComposeAsync(polled -> result.conclude(due, polled.attempt(), polled.answer()), workers.goingOn());
    }

    private CompletionStage<Polled> polled(Due due, ClientRegistration registration, Look look, Lease sending) {
        if (look instanceof Look.Missing missing) {
            return CompletableFuture.completedFuture(Polled.notSent(missing.code()));
        }
        var found = (Look.FoundDevice) look;
        if (!found.server(registration).equals(due.authorization().checks().authorizationServer())) {
            // The registration has changed. Another replica may still have the old one (CONFORMANCE H4).
            return CompletableFuture.completedFuture(Polled.notSent("other_authorization_server"));
        }
        // Read before anything is sent: what fails until then costs nothing.
        var attempt = new Attempt(
                due.attempt(),
                due.authorization(),
                registration,
                tokens.expected(due.authorization(), registration, found.hasKeys()),
                due.dpopKey());
        return requests.send(registration, Grant.deviceCode(due.deviceCode()).boundTo(due.dpopKey()), sending)
                .thenApply(answer -> new Polled(answer, attempt));
    }
}
