package dev.tokenkeep.embedded;

import dev.tokenkeep.DpopProof;
import dev.tokenkeep.DpopProofs;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.proofs.ProofService;
import dev.tokenkeep.proofs.ProvenRequest;
import dev.tokenkeep.proofs.WantedProof;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
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
        return Stages.joined(proven(new WantedProof(sessionId, null, ProvenRequest.of(method, uri, nonce))));
    }

    @Override
    public Uni<DpopProof> proveAsync(String sessionId, String method, URI uri, @Nullable String nonce) {
        return later(new WantedProof(sessionId, null, ProvenRequest.of(method, uri, nonce)));
    }

    @Override
    public DpopProof proveForTarget(String sessionId, String target, String method, URI uri, @Nullable String nonce) {
        return Stages.joined(proven(new WantedProof(sessionId, target, ProvenRequest.of(method, uri, nonce))));
    }

    @Override
    public Uni<DpopProof> proveForTargetAsync(
            String sessionId, String target, String method, URI uri, @Nullable String nonce) {
        return later(new WantedProof(sessionId, target, ProvenRequest.of(method, uri, nonce)));
    }

    private Uni<DpopProof> later(WantedProof wanted) {
        return Uni.createFrom().completionStage(() -> Stages.begunOn(workers.goingOn(), () -> proven(wanted)));
    }

    private CompletionStage<DpopProof> proven(WantedProof wanted) {
        return audit.handingOut(
                "proveAccessToken",
                wanted.sessionId(),
                wanted.target(),
                () -> proofs.prove(wanted, anyone -> {}),
                proof -> proof.accessToken().version());
    }
}
