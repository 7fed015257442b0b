package dev.tokenkeep.crypto;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** {@code tokenkeep.encryption.*}. */
@ConfigMapping(prefix = "tokenkeep.encryption")
public interface EncryptionConfig {

    /**
     * The directory of keys: each file's name is a key id, its content 32 bytes in base64; the file {@code primary}
     * holds the id of the key that encrypts.
     */
    Optional<Path> keys();
}
