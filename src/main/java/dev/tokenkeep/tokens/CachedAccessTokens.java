package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.refresh.RegistrationMeters.Source;
import dev.tokenkeep.refresh.timing.RefreshTiming;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Returns access tokens of sessions in the token cache. Never blocks, so it may be called on an event loop. */
@Singleton
public class CachedAccessTokens {

    private final SessionReads reads;
    private final RefreshTiming timing;
    private final RefreshMetrics metrics;
    private final Ticker ticker;

    CachedAccessTokens(SessionReads reads, RefreshTiming timing, RefreshMetrics metrics, Ticker ticker) {
        this.reads = reads;
        this.timing = timing;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /**
     * A token and its session.
     *
     * @param stale whether the session may have changed since, and the database cannot be asked
     */
    public record Found(Session session, AccessToken token, boolean stale) {}

    /**
     * Returns the cached token, if it is good enough.
     *
     * @param minTtl as for {@link AccessTokenService#read}
     * @param admits whether the reader may have a token of this session
     */
    public Optional<Found> find(String sessionId, Duration minTtl, Predicate<Session> admits) {
        return reads.remembered(sessionId)
                .filter(seen -> admits.test(seen.snapshot().session()))
                .flatMap(seen -> TokenAvailability.token(seen.snapshot(), wanted(seen, minTtl), ticker.nanos())
                        .map(token -> new Found(seen.snapshot().session(), token, seen.stale())));
    }

    /** If the session cannot be refreshed, any token that has not expired is good enough. */
    private Duration wanted(CachedSession seen, Duration minTtl) {
        return seen.stale() || !seen.snapshot().isRefreshed()
                ? Duration.ZERO
                : timing.effectiveMinTtl(minTtl, seen.snapshot().access().lifetime());
    }

    /** Returns the token to its reader and records the read. */
    public AccessToken handOut(Found found) {
        reads.wanted(found.session().id());
        metrics.of(found.session().registration()).handedOut(found.stale() ? Source.MEMORY_STALE : Source.MEMORY);
        return found.token();
    }
}
