package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.RegistrationMeters.Source;
import dev.tokenkeep.refresh.scheduling.RefreshCoordinator;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Returns tokens, refreshing the session first if needed. Call it on a thread that may block for a database read.
 * Everything that takes longer runs elsewhere and completes the stage. Stages fail with the unchecked exceptions of the
 * root package, never wrapped. Cancelling a stage stops nothing.
 */
@ApplicationScoped
public class AccessTokenService {

    private final CachedAccessTokens cache;
    private final SessionReads reads;
    private final RefreshCoordinator coordinator;
    private final ServableTokens servable;
    private final RefreshMetrics metrics;
    private final Workers workers;
    private final Ticker ticker;

    AccessTokenService(
            CachedAccessTokens cache,
            SessionReads reads,
            RefreshCoordinator coordinator,
            ServableTokens servable,
            RefreshMetrics metrics,
            Workers workers,
            Ticker ticker) {
        this.cache = cache;
        this.reads = reads;
        this.coordinator = coordinator;
        this.servable = servable;
        this.metrics = metrics;
        this.workers = workers;
        this.ticker = ticker;
    }

    /** Returns an access token that is valid for {@code minTtl} (capped by the margin) if possible. */
    public CompletionStage<AccessToken> read(String sessionId, Duration minTtl) {
        return read(sessionId, minTtl, anyone -> {});
    }

    /**
     * Does the same as {@link #read(String, Duration)}, for a reader that may not use every session.
     *
     * @param admission checks the session before anything else is done; what it throws fails the stage
     */
    public CompletionStage<AccessToken> read(String sessionId, Duration minTtl, Consumer<Session> admission) {
        return Stages.begun(() -> {
            Optional<CachedAccessTokens.Found> found = cache.find(sessionId, minTtl, any -> true);
            found.map(CachedAccessTokens.Found::session).ifPresent(admission);
            return found.isPresent()
                    ? CompletableFuture.completedFuture(cache.handOut(found.get()))
                    : stored(sessionId, minTtl, admission);
        });
    }

    private CompletionStage<AccessToken> stored(String sessionId, Duration minTtl, Consumer<Session> admission) {
        SessionSnapshot seen = reads.snapshot(sessionId);
        admission.accept(seen.session());
        reads.wanted(sessionId);
        Optional<AccessToken> stored = servable.goodFor(seen, minTtl);
        if (stored.isPresent()) {
            return CompletableFuture.completedFuture(handedOut(seen, Source.STORE, stored.get()));
        }
        TokenAvailability.requireActive(seen.session());
        TokenAvailability.requireRenewal(seen.session(), FailureCode.ACCESS_TOKEN_EXPIRED);
        return refreshed(seen);
    }

    private CompletionStage<AccessToken> refreshed(SessionSnapshot seen) {
        Executor goingOn = workers.goingOn();
        return coordinator
                .needed(seen.session())
                // Otherwise it would continue as the call that started the refresh.
                .thenComposeAsync(ending -> afterRefresh(seen, ending, goingOn), goingOn);
    }

    /** Returns a token that has not expired, whatever the result of the refresh. */
    private CompletionStage<AccessToken> afterRefresh(SessionSnapshot before, RefreshResult ending, Executor goingOn) {
        if (ending instanceof RefreshResult.Refreshed refreshed) {
            Optional<AccessToken> fresh = TokenAvailability.token(refreshed, ticker.nanos());
            if (fresh.isPresent()) {
                return CompletableFuture.completedFuture(handedOut(before, Source.REFRESH, fresh.get()));
            }
        }
        String id = before.session().id();
        return CompletableFuture.supplyAsync(() -> reads.snapshot(id), goingOn)
                .exceptionally(failure -> stillGood(before, failure))
                .thenApply(seen -> {
                    AccessToken token =
                            servable.any(seen).orElseThrow(() -> TokenAvailability.none(seen.session(), ending));
                    boolean same = token.version() == before.session().tokens().version();
                    return handedOut(before, same ? Source.STORE : Source.REFRESH, token);
                });
    }

    private AccessToken handedOut(SessionSnapshot seen, Source source, AccessToken token) {
        metrics.of(seen.session().registration()).handedOut(source);
        return token;
    }

    /** If the database fails meanwhile, a token that was already read is still returned. */
    private SessionSnapshot stillGood(SessionSnapshot before, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof SessionNotFoundException gone) {
            throw gone;
        }
        if (servable.any(before).isPresent()) {
            return before;
        }
        throw cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }

    /** Returns the ID token of the last token response that had one, after a refresh if {@code fresh}. */
    public CompletionStage<IdToken> idToken(String sessionId, boolean fresh) {
        return Stages.begun(() -> {
            TokenAvailability.requireActive(wanted(sessionId));
            CompletionStage<?> first =
                    fresh ? refresh(sessionId, OptionalLong.empty()) : CompletableFuture.completedFuture(null);
            return first.thenApplyAsync(done -> new IdToken(reads.idToken(sessionId)), workers.goingOn());
        });
    }

    /**
     * Refreshes the session. Joins only a refresh that starts after this call, unless {@code ifVersion} is set.
     *
     * @param ifVersion refreshes only if the session is still at this version; then any refresh that raises it is
     *     enough
     */
    public CompletionStage<Session> refresh(String sessionId, OptionalLong ifVersion) {
        return Stages.begun(() -> {
            Session before = wanted(sessionId);
            TokenAvailability.requireGrant(before);
            TokenAvailability.requireRenewal(before, FailureCode.NO_REFRESH_TOKEN);
            if (ifVersion.isPresent()
                    && ifVersion.getAsLong() != before.tokens().version()) {
                return CompletableFuture.completedFuture(before);
            }
            Executor goingOn = workers.goingOn();
            return (ifVersion.isPresent() ? coordinator.forcedFrom(before) : coordinator.forced(before))
                    .thenApplyAsync(ending -> refreshed(before, ifVersion.isPresent(), ending), goingOn);
        });
    }

    private Session wanted(String sessionId) {
        Session session = reads.snapshot(sessionId).session();
        reads.wanted(sessionId);
        return session;
    }

    private Session refreshed(Session before, boolean anyWillDo, RefreshResult ending) {
        Session now = reads.snapshot(before.id()).session();
        TokenAvailability.requireActive(now);
        boolean moved = now.tokens().version() != before.tokens().version();
        if (!moved || (ending instanceof RefreshResult.NotNow && !anyWillDo)) {
            throw TokenAvailability.unavailable(before.id(), ending);
        }
        return now;
    }
}
