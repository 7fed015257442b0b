package dev.tokenkeep.crypto;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.testing.TestKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An access token of 800 characters on its way to its column and from there. */
@State(Scope.Benchmark)
public class CipherBenchmark {

    private static final AssociatedData PLACE = new AssociatedData("session", "access_token", "id-1", "auth0", 3);

    private final TokenCipher cipher = new TokenCipher(
            new KeyDirectory(TestKeys.directory(), new PlainKeys()), new EncryptionMetrics(new SimpleMeterRegistry()));
    private final Secret token = Secret.of("t".repeat(800));
    private final String keyId = cipher.forRow().keyId();
    private final byte[] ciphertext = cipher.forRow().encrypt(token, PLACE);

    @Benchmark
    public Object encrypt() {
        return cipher.forRow().encrypt(token, PLACE);
    }

    @Benchmark
    public Object decrypt() {
        return cipher.decrypt(keyId, ciphertext, PLACE);
    }
}
