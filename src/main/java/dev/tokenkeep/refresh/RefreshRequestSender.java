package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Step 2: sends the refresh request of a claimed session through its registration's guard. */
@Singleton
class RefreshRequestSender {

    private final TokenEndpoint tokenEndpoint;
    private final RefreshSlots slots;
    private final RefreshTimeouts timeouts;
    private final RefreshMetrics metrics;
    private final LeaseKeeper leases;

    RefreshRequestSender(
            TokenEndpoint tokenEndpoint,
            RefreshSlots slots,
            RefreshTimeouts timeouts,
            RefreshMetrics metrics,
            LeaseKeeper leases) {
        this.tokenEndpoint = tokenEndpoint;
        this.slots = slots;
        this.timeouts = timeouts;
        this.metrics = metrics;
        this.leases = leases;
    }

    /**
     * Sends the request. Its permit was taken before the claim and is given back once the request is over. The lease is
     * renewed until {@link #over}.
     */
    CompletionStage<TokenAnswer> send(ClaimedRefresh refresh) {
        if (refresh.session().spent().takenOver()) {
            metrics.of(refresh.registration()).takenOver();
        }
        leases.keep(refresh.session());
        RegistrationGuard guard = slots.guard(refresh.registration());
        Supplier<CompletionStage<TokenAnswer>> request = () -> tokenEndpoint.refresh(
                refresh.registration(),
                refresh.session().spent().refreshToken(),
                refresh.session().attempt().lease(),
                timeouts.hardCap(refresh.registration()));
        String id = refresh.session().id();
        boolean failedBefore = refresh.session().failedBefore();
        CompletionStage<TokenAnswer> answer = timeouts.isLastChance(refresh.session(), refresh.registration())
                ? guard.callOnce(id, failedBefore, request)
                : guard.call(id, failedBefore, request);
        return answer.whenComplete((answered, never) -> slots.answered(refresh.registration(), failedBefore));
    }

    /** Ends the refresh: its result is stored, so its lease is no longer renewed and it is no longer in flight. */
    void over(ClaimedRefresh refresh) {
        leases.release(refresh.session());
        slots.over(refresh.registration());
    }
}
