package dev.tokenkeep.signin.device;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.SignInEndpoints;
import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.signin.exchange.Attempt;
import dev.tokenkeep.signin.exchange.SignInRequests;
import dev.tokenkeep.signin.exchange.SignInTokens;
import dev.tokenkeep.signin.store.DeviceAuthorizations.Due;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Asks an authorization server once whether a user has signed in (RFC 8628 §3.4). */
@Singleton
class DevicePoll {

    private static final Logger LOG = Logger.getLogger(DevicePoll.class);
    private static final Duration HARD_CAP = Duration.ofSeconds(10);

    private final ClientRegistrations registrations;
    private final SignInEndpoints endpoints;
    private final SignInRequests requests;
    private final SignInTokens tokens;
    private final DevicePollResult result;
    private final Workers workers;

    DevicePoll(
            ClientRegistrations registrations,
            SignInEndpoints endpoints,
            SignInRequests requests,
            SignInTokens tokens,
            DevicePollResult result,
            Workers workers) {
        this.registrations = registrations;
        this.endpoints = endpoints;
        this.requests = requests;
        this.tokens = tokens;
        this.result = result;
        this.workers = workers;
    }

    /** Returns how long a poll may take. A replica without the registration leaves its polls to others at once. */
    Duration lease(String registration) {
        return registrations
                .find(registration)
                .map(found -> HARD_CAP.plus(requests.lease(found)))
                .orElse(HARD_CAP);
    }

    /** Does not block on the authorization server. Whatever fails, the poll is due again once its lease ends. */
    void send(Due due) {
        registrations
                .find(due.authorization().asked().registration())
                .ifPresent(registration -> endpoints
                        .device(registration, HARD_CAP)
                        .thenComposeAsync(look -> polled(due, registration, look), workers.goingOn())
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                DatabaseFailure.log(LOG, failure, "Cannot poll for a device sign-in");
                            }
                        }));
    }

    private CompletionStage<?> polled(Due due, ClientRegistration registration, Look look) {
        if (!(look instanceof Look.FoundDevice found)) {
            result.unreachable(due);
            return CompletableFuture.completedFuture(null);
        }
        String id = due.authorization().id();
        var attempt = new Attempt(
                due.attempt(),
                due.authorization(),
                registration,
                tokens.expected(due.authorization(), registration, found.hasKeys()));
        if (!requests.begin(id, registration)) {
            result.notAsked(due);
            return CompletableFuture.completedFuture(null);
        }
        return requests.poll(id, registration, Grant.deviceCode(due.deviceCode()))
                .thenComposeAsync(answer -> result.conclude(due, attempt, answer), workers.goingOn())
                .whenComplete((done, failure) -> requests.over(registration));
    }
}
