package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;

/** All that is done with Tink; public for a class loader of its own. */
public final class KeyRingRound implements Runnable {

    @Override
    public void run() {
        var place = new AssociatedData("table", "column", "id", "registration", 1);
        KeyRing ring = KeyRing.of(Map.of("k1", new byte[KeyRing.KEY_BYTES]), "k1")
                .retaining(KeyRing.of(Map.of("k1", new byte[KeyRing.KEY_BYTES]), "k1"));
        byte[] plaintext = "rt".getBytes(UTF_8);
        byte[] ciphertext = ring.encrypt("k1", plaintext, place);
        if (!Arrays.equals(plaintext, ring.decrypt("k1", ciphertext, place))) {
            throw new IllegalStateException("What was encrypted is not what is decrypted");
        }
        ciphertext[0] ^= 1;
        try {
            ring.decrypt("k1", ciphertext, place);
            throw new IllegalStateException("A ciphertext that was changed is decrypted");
        } catch (UndecryptableException e) {
            // As it has to be.
        }
    }
}
