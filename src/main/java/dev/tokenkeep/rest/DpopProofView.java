package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.DpopProof;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A proof, and the access token that it is for. */
@RegisterForReflection
@Schema(name = "DpopProof")
record DpopProofView(
        @JsonProperty("proof") @Schema(required = true, description = "The value of the header DPoP; for one request")
        String proof,

        @JsonProperty("token") @Schema(required = true, description = "The access token that the proof is for")
        TokenView token) {

    static DpopProofView of(DpopProof proof) {
        return new DpopProofView(proof.value(), TokenView.of(proof.accessToken()));
    }

    @Override
    public String toString() {
        return "DpopProofView[" + token + "]";
    }
}
