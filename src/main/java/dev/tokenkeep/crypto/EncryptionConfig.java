package dev.tokenkeep.crypto;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** {@code tokenkeep.encryption.*}. */
@ConfigMapping(prefix = "tokenkeep.encryption")
public interface EncryptionConfig {

    /**
     * The directory of keys. Each file's name is a key id. Its content is 32 bytes in base64, or what the key provider
     * unwraps. The file {@code primary} holds the id of the key that encrypts.
     */
    Optional<Path> keys();

    /** What makes keys from the files' contents: the {@code Identifier} of a {@link KeyProvider}. */
    @WithDefault(PlainKeys.NAME)
    String keyProvider();

    /** Whether to start even if rows need keys that the directory does not have. */
    @WithDefault("false")
    boolean allowMissingKeys();

    /** How often to check the directory, agree with the other replicas and re-encrypt rows; {@code off} for never. */
    @WithDefault("2s")
    String every();

    /** The maximum number of rows per second that are re-encrypted with a new primary key. */
    @WithDefault("1000")
    int reencryptionRate();
}
