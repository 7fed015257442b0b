package dev.tokenkeep.embedded;

import dev.tokenkeep.DpopProof;
import dev.tokenkeep.DpopProofs;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.tokens.ProofService;
import dev.tokenkeep.tokens.ProvenRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes proofs within the process. */
@ApplicationScoped
class CdiDpopProofs implements DpopProofs {

    private final ProofService proofs;
    private final ApplicationAudit audit;
    private final Workers workers;

    CdiDpopProofs(ProofService proofs, ApplicationAudit audit, Workers workers) {
        this.proofs = proofs;
        this.audit = audit;
        this.workers = workers;
    }

    @Override
    public DpopProof prove(String sessionId, String method, URI uri, @Nullable String nonce) {
        return Stages.joined(proven(sessionId, ProvenRequest.of(method, uri, nonce)));
    }

    @Override
    public Uni<DpopProof> proveAsync(String sessionId, String method, URI uri, @Nullable String nonce) {
        ProvenRequest request = ProvenRequest.of(method, uri, nonce);
        return Uni.createFrom()
                .completionStage(() -> Stages.unwrapped(
                        CompletableFuture.supplyAsync(() -> proven(sessionId, request), workers.goingOn())
                                .thenCompose(proven -> proven)));
    }

    private CompletionStage<DpopProof> proven(String sessionId, ProvenRequest request) {
        return audit.handingOut(
                "proveAccessToken",
                sessionId,
                () -> proofs.prove(sessionId, request, anyone -> {}),
                proof -> proof.accessToken().version());
    }
}
