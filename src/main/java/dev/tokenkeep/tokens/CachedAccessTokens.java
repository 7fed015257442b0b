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

/** Access tokens of sessions that were read a while ago. Waits for nothing, so an event loop may ask. */
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
     * A token, and the session that it is of.
     *
     * @param stale whether the session may have been changed since, and the database can't be asked
     */
    public record Found(Session session, AccessToken token, boolean stale) {}

    /**
     * What is in memory, if that will do.
     *
     * @param minTtl as {@link AccessTokenService#read} has it
     * @param admits whether the reader may have a token of this session
     */
    public Optional<Found> find(String sessionId, Duration minTtl, Predicate<Session> admits) {
        return reads.remembered(sessionId)
                .filter(seen -> admits.test(seen.snapshot().session()))
                .flatMap(seen -> TokenAvailability.token(seen.snapshot(), wanted(seen, minTtl), ticker.nanos())
                        .map(token -> new Found(seen.snapshot().session(), token, seen.stale())));
    }

    /** While nothing can be refreshed, what there is will do. */
    private Duration wanted(CachedSession seen, Duration minTtl) {
        return seen.stale() || !seen.snapshot().isRefreshed()
                ? Duration.ZERO
                : timing.effectiveMinTtl(minTtl, seen.snapshot().access().lifetime());
    }

    /** The token, which its reader gets now. */
    public AccessToken handOut(Found found) {
        reads.wanted(found.session().id());
        metrics.of(found.session().registration()).handedOut(found.stale() ? Source.MEMORY_STALE : Source.MEMORY);
        return found.token();
    }
}
