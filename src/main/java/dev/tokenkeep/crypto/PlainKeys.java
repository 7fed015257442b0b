package dev.tokenkeep.crypto;

import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.Base64;

/** Reads key files that hold their key in base64. */
@Singleton
@Identifier(PlainKeys.NAME)
final class PlainKeys implements KeyProvider {

    static final String NAME = "directory";

    @Override
    public byte[] unwrap(String keyId, String stored) {
        try {
            return Base64.getDecoder().decode(stored);
        } catch (IllegalArgumentException e) {
            throw new KeyUnavailableException("is not base64");
        }
    }
}
