package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.DpopProof;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Proves to resource servers that an access token is presented by the holder of its key (RFC 9449 §7). The key itself never
 * leaves Tokenkeep (CONFORMANCE I16).
 */
@ApplicationScoped
public class ProofService {

    /** The {@code token_type} of an access token that is bound to a key. */
    private static final String DPOP = "DPoP";

    private final AccessTokenService tokens;
    private final SessionReads reads;
    private final Workers workers;
    private final Clock clock;
    private final Ticker ticker;

    ProofService(AccessTokenService tokens, SessionReads reads, Workers workers, Clock clock, Ticker ticker) {
        this.tokens = tokens;
        this.reads = reads;
        this.workers = workers;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Returns an access token, as {@link AccessTokenService#read} does, with the proof for one request. Call it on a thread
     * that may block for a database read.
     *
     * @throws TokenNotBoundException as the stage's failure, if the access token is not bound to a key
     */
    public CompletionStage<DpopProof> prove(String sessionId, ProvenRequest request, Consumer<Session> admission) {
        return tokens.read(sessionId, Duration.ZERO, admission)
                .thenApplyAsync(token -> proof(sessionId, token, request), workers.goingOn());
    }

    /** The session may have got other tokens, and another key, since it was read. Then its present ones are used. */
    private DpopProof proof(String sessionId, AccessToken read, ProvenRequest request) {
        SessionSnapshot seen = reads.remembered(sessionId)
                .map(CachedSession::snapshot)
                .filter(cached -> cached.session().tokens().version() == read.version())
                .orElseGet(() -> reads.snapshot(sessionId));
        Secret key = seen.access().dpopKey();
        if (key == null) {
            throw new TokenNotBoundException(sessionId);
        }
        boolean same = seen.session().tokens().version() == read.version();
        AccessToken token = TokenAvailability.token(seen, Duration.ZERO, ticker.nanos())
                .or(() -> Optional.of(read).filter(any -> same))
                .orElseThrow(() -> TokenAvailability.unavailable(sessionId, new RefreshResult.Changed()));
        if (!DPOP.equalsIgnoreCase(token.tokenType())) {
            throw new TokenNotBoundException(sessionId);
        }
        return new DpopProof(
                DpopKey.of(key).proof(request.presenting(Secret.of(token.value())), clock.instant()), token);
    }
}
