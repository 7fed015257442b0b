package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.DpopProof;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.authorizationserver.ProofAddresses;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Proves to resource servers that an access token is presented by the holder of its key (RFC 9449 §7). The key itself never
 * leaves Tokenkeep (CONFORMANCE I16).
 */
@ApplicationScoped
public class ProofService {

    private final AccessTokenService tokens;
    private final SessionReads reads;
    private final ProofAddresses addresses;
    private final Workers workers;
    private final Clock clock;
    private final Ticker ticker;

    ProofService(
            AccessTokenService tokens,
            SessionReads reads,
            ProofAddresses addresses,
            Workers workers,
            Clock clock,
            Ticker ticker) {
        this.tokens = tokens;
        this.reads = reads;
        this.addresses = addresses;
        this.workers = workers;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Returns an access token, as {@link AccessTokenService#read} does, with the proof for one request. Call it on a thread
     * that may block for a database read.
     *
     * @throws TokenNotBoundException as the stage's failure, if the access token is not bound to a key
     * @throws InvalidProofRequest as the stage's failure, if the request goes to a token endpoint
     */
    public CompletionStage<DpopProof> prove(String sessionId, ProvenRequest request, Consumer<Session> admission) {
        return tokens.read(sessionId, Duration.ZERO, admission)
                .thenComposeAsync(token -> proven(sessionId, token, request), workers.goingOn());
    }

    /** The session may have got other tokens, and another key, since it was read. Then its present ones are used. */
    private CompletionStage<DpopProof> proven(String sessionId, AccessToken read, ProvenRequest request) {
        SessionSnapshot current = reads.remembered(sessionId)
                .map(CachedSession::snapshot)
                .filter(cached -> isOfSession(read, cached))
                .orElseGet(() -> reads.snapshot(sessionId));
        AccessToken token = isOfSession(read, current)
                ? read
                : TokenAvailability.token(current, Duration.ZERO, ticker.nanos())
                        .orElseThrow(() -> TokenAvailability.unavailable(sessionId, new RefreshResult.Changed()));
        Secret key = current.access().dpopKey();
        if (key == null || !TokenResponse.isBound(token.tokenType())) {
            throw new TokenNotBoundException(sessionId);
        }
        if (!request.isPost()) {
            return CompletableFuture.completedFuture(proof(token, key, request));
        }
        return addresses
                .kind(current.session().registration(), request.uri())
                .thenApplyAsync(
                        kind -> switch (kind) {
                            case OTHER -> proof(token, key, request);
                            case TOKEN_ENDPOINT -> throw new InvalidProofRequest("uri", "must not be a token endpoint");
                            case UNKNOWN -> throw TokenAvailability.unavailable(sessionId, new RefreshResult.Changed());
                        },
                        workers.goingOn());
    }

    private DpopProof proof(AccessToken token, Secret key, ProvenRequest request) {
        DpopKey.Request presented = request.withAccessToken(Secret.of(token.value()));
        return new DpopProof(DpopKey.ofJwk(key).proof(presented, clock.instant()), token);
    }

    private static boolean isOfSession(AccessToken token, SessionSnapshot session) {
        return session.session().tokens().version() == token.version();
    }
}
