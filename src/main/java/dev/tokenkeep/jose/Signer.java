package dev.tokenkeep.jose;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Makes the signatures of one private key, which may be in another process. */
public interface Signer {

    /**
     * Signs. Never blocks and never completes exceptionally. A signature that comes later comes on a thread that may block.
     *
     * @return the signature as a JWS has it (RFC 7518 §3); empty if there can be none now
     */
    CompletionStage<Optional<byte[]>> sign(SigningAlgorithm algorithm, byte[] input);
}
