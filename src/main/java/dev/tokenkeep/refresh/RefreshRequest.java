package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.refresh.timing.RefreshLimits;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Step 2: sends the refresh request of a claimed session through its registration's guard. */
@Singleton
class RefreshRequest {

    private final TokenEndpoint tokenEndpoint;
    private final RegistrationGuards guards;
    private final RefreshLimits limits;
    private final RefreshMetrics metrics;
    private final LeaseKeeper leases;
    private final InFlight inFlight;

    RefreshRequest(
            TokenEndpoint tokenEndpoint,
            RegistrationGuards guards,
            RefreshLimits limits,
            RefreshMetrics metrics,
            LeaseKeeper leases,
            InFlight inFlight) {
        this.tokenEndpoint = tokenEndpoint;
        this.guards = guards;
        this.limits = limits;
        this.metrics = metrics;
        this.leases = leases;
        this.inFlight = inFlight;
    }

    /**
     * The permit was taken before the claim; it is given back once the request is over, not before. The lease is renewed until
     * {@link #over}.
     */
    CompletionStage<TokenAnswer> send(ClaimedSession claimed, ClientRegistration registration) {
        if (claimed.takenOver()) {
            metrics.of(registration).takenOver();
        }
        leases.keep(claimed);
        RegistrationGuard guard = guards.of(registration);
        Supplier<CompletionStage<TokenAnswer>> request = () -> tokenEndpoint.refresh(
                registration, claimed.refreshToken(), claimed.lease(), limits.hardCap(registration));
        CompletionStage<TokenAnswer> answer = limits.isLastChance(claimed, registration)
                ? guard.callOnce(claimed.id(), request)
                : guard.call(claimed.id(), claimed.failedBefore(), request);
        return answer.whenComplete((answered, never) -> guard.release(claimed.failedBefore()));
    }

    /** What came of it is stored. */
    void over(ClaimedSession claimed, ClientRegistration registration) {
        leases.letGo(claimed);
        inFlight.over(registration, 1);
    }
}
