package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.refresh.RegistrationMeters.Source;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.store.SessionReads;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Returns access tokens of sessions in the token cache. Never blocks, so it may be called on an event loop. */
@Singleton
public class CachedAccessTokens {

    private final SessionReads reads;
    private final ServableTokens servable;
    private final RefreshMetrics metrics;

    CachedAccessTokens(SessionReads reads, ServableTokens servable, RefreshMetrics metrics) {
        this.reads = reads;
        this.servable = servable;
        this.metrics = metrics;
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
                .flatMap(seen -> token(seen, minTtl)
                        .map(token -> new Found(seen.snapshot().session(), token, seen.stale())));
    }

    private Optional<AccessToken> token(CachedSession seen, Duration minTtl) {
        return seen.stale() ? servable.any(seen.snapshot()) : servable.goodFor(seen.snapshot(), minTtl);
    }

    /** Returns the token to its reader and records the read. */
    public AccessToken handOut(Found found) {
        reads.wanted(found.session().id());
        metrics.of(found.session().registration()).handedOut(found.stale() ? Source.MEMORY_STALE : Source.MEMORY);
        return found.token();
    }
}
