package dev.tokenkeep.targets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.scheduling.RefreshCoordinator;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.targets.TargetTokens;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the authorization server for access tokens for targets. What it has just refused is not asked for again. */
@Singleton
class TargetRequests {

    /** A target that is refused costs its session a request, and perhaps a refresh token. */
    private static final Duration REFUSAL_KEPT = Duration.ofSeconds(30);

    private static final int MOST_REFUSALS = 10_000;

    private final RefreshCoordinator coordinator;
    private final TargetExchange exchange;
    private final Cache<TargetTokens.Place, RefreshResult.TargetRefused> refusals;

    TargetRequests(RefreshCoordinator coordinator, TargetExchange exchange, Ticker ticker) {
        this.coordinator = coordinator;
        this.exchange = exchange;
        this.refusals = Caffeine.newBuilder()
                .maximumSize(MOST_REFUSALS)
                .expireAfterWrite(REFUSAL_KEPT)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** Sends a request, or joins one under way. */
    CompletionStage<RefreshResult> send(WantedTarget wanted) {
        RefreshResult refused = refusals.getIfPresent(wanted.place());
        if (refused != null) {
            return CompletableFuture.completedFuture(refused);
        }
        CompletionStage<RefreshResult> result = wanted.target().via() == Target.Via.REFRESH
                ? coordinator.forTarget(wanted.seen(), wanted.target())
                : exchange.send(wanted);
        return result.whenComplete((ended, failure) -> {
            if (ended instanceof RefreshResult.TargetRefused now) {
                refusals.put(wanted.place(), now);
            }
        });
    }
}
