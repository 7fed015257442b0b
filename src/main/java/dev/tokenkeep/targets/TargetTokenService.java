package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TargetRefusedException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.RegistrationMeters.Source;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.targets.TargetToken;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokens.TokenAvailability;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Returns access tokens for targets, from the database or the authorization server. Call it on a thread that may block for
 * a database read. Everything that takes longer runs elsewhere and completes the stage. Stages fail with the unchecked
 * exceptions of the root package, never wrapped.
 */
@ApplicationScoped
public class TargetTokenService {

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final TargetLookup lookup;
    private final TargetRequests requests;
    private final ReadTargets read;
    private final RefreshTimeouts timeouts;
    private final Workers workers;
    private final Ticker ticker;

    TargetTokenService(
            TargetLookup lookup,
            TargetRequests requests,
            ReadTargets read,
            RefreshTimeouts timeouts,
            Workers workers,
            Ticker ticker) {
        this.lookup = lookup;
        this.requests = requests;
        this.read = read;
        this.timeouts = timeouts;
        this.workers = workers;
        this.ticker = ticker;
    }

    /**
     * Returns an access token for the target that is valid for {@code minTtl} (capped by the margin) if possible.
     *
     * @param admission checks the session before anything else is done; what it throws fails the stage
     */
    public CompletionStage<AccessToken> read(
            String sessionId, String target, Duration minTtl, Consumer<Session> admission) {
        return Stages.begun(() -> {
            WantedTarget wanted = lookup.find(sessionId, target, admission);
            return servedOrRequested(wanted, minTtl, timeout(wanted)).thenApply(token -> remembered(wanted, token));
        });
    }

    /**
     * Gets a new access token for the target, since a resource server has refused the present one. Returns the session
     * after that.
     *
     * @param ifVersion asks only if the stored token still has this version, or has expired
     */
    public CompletionStage<Session> refresh(
            String sessionId, String target, OptionalLong ifVersion, Consumer<Session> admission) {
        return Stages.begun(() -> {
            WantedTarget wanted = lookup.find(sessionId, target, admission);
            TargetToken stored = wanted.stored();
            OptionalLong refused =
                    ifVersion.isPresent() || stored == null ? ifVersion : OptionalLong.of(stored.version());
            return servedOrRequested(wanted.refusing(refused), Duration.ZERO, timeout(wanted))
                    .thenApplyAsync(
                            token ->
                                    lookup.find(sessionId, target, anyone -> {}).session(),
                            workers.goingOn());
        });
    }

    /** Gets a new token for a target whose token was read and expires soon. Completes when that is over. */
    CompletionStage<?> refreshAhead(String sessionId, String target) {
        WantedTarget wanted = lookup.find(sessionId, target, anyone -> {});
        TargetToken stored = wanted.stored();
        return stored != null
                        && wanted.seen().isRefreshed()
                        && stored.remaining(ticker.nanos()).compareTo(lookup.margin(stored.lifetime())) <= 0
                ? requests.send(wanted)
                : CompletableFuture.completedFuture(null);
    }

    private AccessToken remembered(WantedTarget wanted, AccessToken token) {
        // Its whole lifetime is not known here; that of a token that was just got is what remains.
        read.note(
                new ReadTargets.Read(
                        wanted.session().id(),
                        wanted.registration().name(),
                        wanted.target().name()),
                token.expiresIn().minus(lookup.margin(token.expiresIn())));
        return token;
    }

    private CompletionStage<AccessToken> servedOrRequested(WantedTarget wanted, Duration minTtl, Deadline until) {
        return lookup.servable(wanted, minTtl)
                .<CompletionStage<AccessToken>>map(
                        token -> CompletableFuture.completedFuture(lookup.handedOut(wanted, Source.STORE, token)))
                .orElseGet(() -> requested(wanted, minTtl, until));
    }

    private CompletionStage<AccessToken> requested(WantedTarget wanted, Duration minTtl, Deadline until) {
        TokenAvailability.requireActive(wanted.session());
        if (wanted.target().via() == Target.Via.REFRESH) {
            TokenAvailability.requireRenewal(wanted.session(), FailureCode.NO_REFRESH_TOKEN);
        }
        // The timeout ends the wait, but not the request.
        return requests.send(wanted)
                .copy()
                .completeOnTimeout(
                        new RefreshResult.NotNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, DEFAULT_RETRY_AFTER),
                        Math.max(0, until.remaining(ticker.nanos()).toNanos()),
                        TimeUnit.NANOSECONDS)
                .exceptionally(failure -> {
                    // Such as of the session's own access token, which an exchange begins with.
                    if (lookup.unexpired(wanted).isEmpty()) {
                        throw Stages.rethrown(failure);
                    }
                    return new RefreshResult.NotNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, DEFAULT_RETRY_AFTER);
                })
                .thenComposeAsync(result -> concluded(wanted, minTtl, until, result), workers.goingOn());
    }

    private CompletionStage<AccessToken> concluded(
            WantedTarget wanted, Duration minTtl, Deadline until, RefreshResult result) {
        if (result instanceof RefreshResult.Refreshed refreshed) {
            Optional<AccessToken> fresh = TokenAvailability.token(refreshed, ticker.nanos());
            if (fresh.isPresent()) {
                return CompletableFuture.completedFuture(lookup.handedOut(wanted, Source.REFRESH, fresh.get()));
            }
        }
        boolean moved = result instanceof RefreshResult.Moved || result instanceof RefreshResult.Changed;
        if (moved && !until.remaining(ticker.nanos()).isNegative()) {
            // Perhaps by a refresh for the same target, here or on another replica.
            String id = wanted.session().id();
            WantedTarget again = lookup.find(id, wanted.target().name(), anyone -> {});
            return servedOrRequested(again.refusing(wanted.refused()), minTtl, until);
        }
        return CompletableFuture.completedFuture(lookup.unexpired(wanted)
                .map(token -> lookup.handedOut(wanted, Source.STORE, token))
                .orElseThrow(() -> failure(wanted, result)));
    }

    private static RuntimeException failure(WantedTarget wanted, RefreshResult result) {
        Session session = wanted.session();
        return result instanceof RefreshResult.TargetRefused refused
                ? new TargetRefusedException(
                        session.id(),
                        session.registration(),
                        session.owner().subject(),
                        wanted.target().name(),
                        refused.code())
                : TokenAvailability.unavailable(session.id(), result);
    }

    private Deadline timeout(WantedTarget wanted) {
        return Deadline.after(ticker.nanos(), timeouts.timeout(wanted.registration()));
    }
}
