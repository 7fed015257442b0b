package dev.tokenkeep.targets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.scheduling.RefreshCoordinator;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.targets.TargetTokens;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Durations;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the authorization server for access tokens for targets. After a refusal, or a request without an answer, a target of
 * a session is not asked for again at once: each request may cost its session a refresh token.
 */
@Singleton
class TargetRequests {

    private static final Logger LOG = Logger.getLogger(TargetRequests.class);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(30);
    private static final Duration UNANSWERED_FOR = Duration.ofSeconds(2);
    private static final Duration MAX_HELD_FOR = Duration.ofMinutes(5);
    private static final int MAX_TIMES = 8;
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final int MAX_HELD = 10_000;

    private final RefreshCoordinator coordinator;
    private final TargetExchange exchange;
    private final Ticker ticker;
    private final Cache<TargetTokens.Place, Held> held;

    /**
     * What is answered meanwhile.
     *
     * @param times how often in a row it was so before
     */
    private record Held(RefreshResult result, Deadline until, int times) {}

    TargetRequests(RefreshCoordinator coordinator, TargetExchange exchange, Ticker ticker) {
        this.coordinator = coordinator;
        this.exchange = exchange;
        this.ticker = ticker;
        this.held = Caffeine.newBuilder()
                .maximumSize(MAX_HELD)
                .expireAfterWrite(KEPT)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** Sends a request, or joins one under way. Blocks on the database at most. */
    CompletableFuture<RefreshResult> send(WantedTarget wanted) {
        Held before = held.getIfPresent(wanted.place());
        if (before != null && !before.until().remaining(ticker.nanos()).isNegative()) {
            return CompletableFuture.completedFuture(answer(before));
        }
        UnaryOperator<RefreshResult> concluded = ended -> noted(wanted, before, usable(ended));
        return wanted.target().via() == Target.Via.REFRESH
                ? coordinator.forTarget(
                        wanted.seen(),
                        wanted.registration(),
                        new RefreshCoordinator.Flight(wanted.flight(), wanted.target()),
                        concluded)
                : exchange.send(wanted, concluded);
    }

    private RefreshResult answer(Held before) {
        return before.result() instanceof RefreshResult.NotNow notNow
                ? new RefreshResult.NotNow(notNow.reason(), before.until().remaining(ticker.nanos()))
                : before.result();
    }

    /** A token that has expired already would be asked for at every read. */
    private RefreshResult usable(RefreshResult ended) {
        return ended instanceof RefreshResult.Refreshed refreshed && refreshed.expiresAtNanos() <= ticker.nanos()
                ? new RefreshResult.TargetUnanswered(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, UNANSWERED_FOR)
                : ended;
    }

    /** Called once for each request, also if nobody waits any more. */
    private RefreshResult noted(WantedTarget wanted, @Nullable Held before, RefreshResult ended) {
        int times = before == null ? 0 : Math.min(before.times() + 1, MAX_TIMES);
        if (ended instanceof RefreshResult.TargetRefused refused) {
            hold(wanted, refused, Durations.shorter(REFUSED_FOR.multipliedBy(1L << times), MAX_HELD_FOR), times);
            LOG.infof(
                    "Session %s gets no access token for target %s: %s",
                    wanted.session().id(), wanted.target().name(), refused.code());
            return refused;
        }
        if (ended instanceof RefreshResult.TargetUnanswered unanswered) {
            Duration backoff = Durations.shorter(UNANSWERED_FOR.multipliedBy(1L << times), MAX_HELD_FOR);
            Duration wait = unanswered.retryAfter().compareTo(backoff) > 0 ? unanswered.retryAfter() : backoff;
            var notNow = new RefreshResult.NotNow(unanswered.reason(), wait);
            if (unanswered.reason() != Reason.REGISTRATION_PAUSED) {
                hold(wanted, notNow, wait, times);
            }
            return notNow;
        }
        if (ended instanceof RefreshResult.Refreshed) {
            held.invalidate(wanted.place());
        }
        return ended;
    }

    private void hold(WantedTarget wanted, RefreshResult result, Duration time, int times) {
        held.put(wanted.place(), new Held(result, Deadline.after(ticker.nanos(), time), times));
    }
}
