package dev.tokenkeep.proofs;

import dev.tokenkeep.DpopProof;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.authorizationserver.ProofAddresses;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.proofs.PresentedTokens.Presented;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.tokens.TokenAvailability;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Proves to resource servers that an access token is presented by the holder of its key (RFC 9449 §7). The key itself never
 * leaves Tokenkeep (CONFORMANCE I16).
 */
@ApplicationScoped
public class ProofService {

    private final PresentedTokens tokens;
    private final ProofAddresses addresses;
    private final Workers workers;
    private final Clock clock;

    ProofService(PresentedTokens tokens, ProofAddresses addresses, Workers workers, Clock clock) {
        this.tokens = tokens;
        this.addresses = addresses;
        this.workers = workers;
        this.clock = clock;
    }

    /**
     * Returns an access token with the proof for one request. Refreshes the session first if the token has expired. Call it
     * on a thread that may block for a database read.
     *
     * @throws TokenNotBoundException as the stage's failure, if the access token is not bound to a key
     * @throws InvalidProofRequest as the stage's failure, if the request goes to a token endpoint
     */
    public CompletionStage<DpopProof> prove(WantedProof wanted, Consumer<Session> admission) {
        return tokens.read(wanted, admission).thenComposeAsync(token -> proven(wanted, token), workers.goingOn());
    }

    private CompletionStage<DpopProof> proven(WantedProof wanted, Presented token) {
        ProvenRequest request = wanted.request();
        if (!request.isPost()) {
            return CompletableFuture.completedFuture(proof(token, request));
        }
        return addresses
                .kind(token.registration(), request.uri())
                .thenApplyAsync(
                        kind -> switch (kind) {
                            case OTHER -> proof(token, request);
                            case TOKEN_ENDPOINT -> throw new InvalidProofRequest("uri", "must not be a token endpoint");
                            case UNKNOWN -> throw TokenAvailability.unavailable(wanted.sessionId());
                        },
                        workers.goingOn());
    }

    private DpopProof proof(Presented presented, ProvenRequest request) {
        DpopKey.Request signed =
                request.withAccessToken(Secret.of(presented.token().value()));
        return new DpopProof(DpopKey.ofJwk(presented.key()).proof(signed, clock.instant()), presented.token());
    }
}
