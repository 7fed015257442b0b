package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;

/** Encrypts the columns of one row, all with the same key. */
public final class RowCipher {

    private final KeyRing ring;

    RowCipher(KeyRing ring) {
        this.ring = ring;
    }

    public String keyId() {
        return ring.primaryId();
    }

    public byte[] encrypt(Secret token, AssociatedData place) {
        return ring.encrypt(token.reveal().getBytes(UTF_8), place);
    }
}
