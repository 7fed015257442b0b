package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.authorizationserver.TokenEndpoint;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Step 2: sends the refresh request of a claimed session through its registration's guard. */
@Singleton
class RefreshRequestSender {

    /** An access token alone is only due once it has expired. There is nothing to ask for. */
    private static final TokenResult EXPIRED =
            new TokenResult.Refused(FailureClass.GRANT_DEAD, FailureCode.ACCESS_TOKEN_EXPIRED, null);

    private final TokenEndpoint tokenEndpoint;
    private final RefreshSlots slots;
    private final RefreshTimeouts timeouts;
    private final RefreshMetrics metrics;
    private final LeaseKeeper leases;
    private final Ticker ticker;

    RefreshRequestSender(
            TokenEndpoint tokenEndpoint,
            RefreshSlots slots,
            RefreshTimeouts timeouts,
            RefreshMetrics metrics,
            LeaseKeeper leases,
            Ticker ticker) {
        this.tokenEndpoint = tokenEndpoint;
        this.slots = slots;
        this.timeouts = timeouts;
        this.metrics = metrics;
        this.leases = leases;
        this.ticker = ticker;
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
        boolean failedBefore = refresh.session().failedBefore();
        if (refresh.session().spent().grant() == GrantType.NONE) {
            guard.giveBackFor(failedBefore);
            return CompletableFuture.completedFuture(new TokenAnswer(EXPIRED, ticker.nanos()));
        }
        if (refresh.target() != null) {
            // What a target ends with says nothing about the others' requests.
            return guard.callAside(() -> request(refresh))
                    .whenComplete((answered, never) -> slots.answeredAside(refresh.registration()));
        }
        return throughGuard(guard, refresh, failedBefore)
                .whenComplete((answered, never) -> slots.answered(refresh.registration(), failedBefore));
    }

    private CompletionStage<TokenAnswer> throughGuard(
            RegistrationGuard guard, ClaimedRefresh refresh, boolean failedBefore) {
        Supplier<CompletionStage<TokenAnswer>> request = () -> request(refresh);
        if (!refresh.session().spent().isSpent()) {
            return guard.callUncounted(request);
        }
        String id = refresh.session().id();
        return timeouts.isLastChance(refresh.session(), refresh.registration())
                ? guard.callOnce(id, failedBefore, request)
                : guard.call(id, failedBefore, request);
    }

    private CompletionStage<TokenAnswer> request(ClaimedRefresh refresh) {
        ClaimedSession claimed = refresh.session();
        ClientRegistration registration = refresh.registration();
        Secret credential = claimed.spent().refreshToken();
        Grant grant = claimed.spent().isSpent()
                ? Grant.refreshToken(credential)
                : Grant.clientCredentials(Renewal.scope(credential));
        return tokenEndpoint.send(
                registration,
                grant.boundTo(claimed.spent().dpopKey())
                        .forTarget(
                                refresh.target() == null
                                        ? Map.of()
                                        : refresh.target().parameters()),
                claimed.attempt().lease(),
                timeouts.hardCap(registration));
    }

    /** Ends the refresh: its result is stored, so its lease is no longer renewed and it is no longer in flight. */
    void over(ClaimedRefresh refresh) {
        leases.release(refresh.session());
        slots.over(refresh.registration());
    }
}
