package dev.tokenkeep.transit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.jose.Signer;
import dev.tokenkeep.jose.SigningAlgorithm;
import dev.tokenkeep.transit.TransitApi.Signed;
import dev.tokenkeep.transit.TransitApi.ToSign;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Signs with one version of a Transit key, by one call of the engine. */
final class TransitSigner implements Signer {

    private final TransitEngine engine;
    private final Workers workers;
    private final String key;
    private final int version;
    private final TransitOutage outage;

    TransitSigner(TransitEngine engine, Workers workers, String key, int version, TransitOutage outage) {
        this.engine = engine;
        this.workers = workers;
        this.key = key;
        this.version = version;
        this.outage = outage;
    }

    @Override
    public CompletionStage<Optional<byte[]>> sign(SigningAlgorithm algorithm, byte[] input) {
        // Not on an event loop: the token's file is read.
        return Stages.begun(() -> Stages.begunOn(workers.goingOn(), () -> engine.begin(call(algorithm, input))))
                .handleAsync(this::signature, workers.goingOn())
                // At a shutdown.
                .exceptionally(rejected -> Optional.empty());
    }

    /**
     * Tries whether the engine signs. Blocks.
     *
     * @throws TransitFailure if it does not
     */
    void probe(SigningAlgorithm algorithm) {
        read(engine.await(call(algorithm, "probe".getBytes(US_ASCII))));
    }

    private TransitEngine.Call<Signed> call(SigningAlgorithm algorithm, byte[] input) {
        String name = algorithm.registeredName();
        boolean pss = name.startsWith("PS");
        // Ed25519 has its own hash.
        String hash = algorithm == SigningAlgorithm.EDDSA ? null : "sha2-" + name.substring(2);
        var toSign = new ToSign(
                Base64.getEncoder().encodeToString(input),
                version,
                "jws",
                hash,
                pss ? "pss" : name.startsWith("RS") ? "pkcs1v15" : null,
                // RFC 7518 §3.5. The engine would take the longest that fits.
                pss ? "hash" : null);
        return (api, token, namespace) -> api.sign(token, namespace, key, toSign);
    }

    private Optional<byte[]> signature(@Nullable Signed answer, @Nullable Throwable failure) {
        try {
            if (failure != null) {
                throw new TransitFailure(engine.reason(failure));
            }
            byte[] signature = read(answer);
            outage.succeeded();
            return Optional.of(signature);
        } catch (TransitFailure e) {
            outage.failed(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Reads base64url, or base64 if the engine does not write this kind of signature as a JWS does. */
    private byte[] read(@Nullable Signed answer) {
        String text =
                answer == null || answer.data() == null ? null : answer.data().signature();
        String prefix = "vault:v" + version + ":";
        if (text == null || !text.startsWith(prefix)) {
            throw new TransitFailure("the Transit engine returned no signature of version " + version);
        }
        try {
            return Base64.getUrlDecoder()
                    .decode(text.substring(prefix.length()).replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            throw new TransitFailure("the Transit engine returned no base64");
        }
    }

    @Override
    public String toString() {
        return "[Transit key " + key + "]";
    }
}
