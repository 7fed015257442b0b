package dev.tokenkeep.jose;

import java.security.PrivateKey;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jca.ProviderContext;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.jws.JsonWebSignatureAlgorithm;
import org.jose4j.lang.JoseException;

/** Signs with a private key of this process, at once. */
record PrivateKeySigner(PrivateKey key) implements Signer {

    /** @throws IllegalStateException if the key does not fit the algorithm, which was checked before */
    @Override
    public CompletionStage<Optional<byte[]>> sign(SigningAlgorithm algorithm, byte[] input) {
        try {
            JsonWebSignatureAlgorithm used = AlgorithmFactoryFactory.getInstance()
                    .getJwsAlgorithmFactory()
                    .getAlgorithm(algorithm.registeredName());
            used.validateSigningKey(key);
            return CompletableFuture.completedFuture(
                    Optional.of(used.sign(used.prepareForSign(key, new ProviderContext()), input)));
        } catch (JoseException e) {
            throw new IllegalStateException(
                    "A JWT cannot be signed: " + e.getClass().getName());
        }
    }

    @Override
    public String toString() {
        return "[private key]";
    }
}
