package dev.tokenkeep.refresh;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.refresh.RegistrationMeters.Source;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionReads;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Access tokens of sessions that were read a while ago. Waits for nothing, so an event loop may ask. */
@Singleton
public class TokensInMemory {

    private final SessionReads reads;
    private final RefreshTiming timing;
    private final RefreshMetrics metrics;
    private final Ticker ticker;

    TokensInMemory(SessionReads reads, RefreshTiming timing, RefreshMetrics metrics, Ticker ticker) {
        this.reads = reads;
        this.timing = timing;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /** A token, and the session that it is of. */
    public record Found(Session session, AccessToken token) {}

    /**
     * What is in memory, if that will do.
     *
     * @param minTtl as {@link AccessTokenReader#read} has it
     * @param admits whether the reader may have a token of this session
     */
    public Optional<Found> find(String sessionId, Duration minTtl, Predicate<Session> admits) {
        return reads.remembered(sessionId)
                .filter(seen -> admits.test(seen.session()))
                .flatMap(seen -> Serving.token(
                                seen, timing.effectiveMinTtl(minTtl, seen.accessTokenLifetime()), ticker.nanos())
                        .map(token -> new Found(seen.session(), token)));
    }

    /** The token, which its reader gets now. */
    public AccessToken handOut(Found found) {
        reads.wanted(found.session().id());
        metrics.of(found.session().registration()).handedOut(Source.MEMORY);
        return found.token();
    }
}
