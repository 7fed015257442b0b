package dev.tokenkeep.crypto;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** {@code tokenkeep.encryption.*}. */
@ConfigMapping(prefix = "tokenkeep.encryption")
public interface EncryptionConfig {

    /**
     * The directory of keys: each file's name is a key id, its content 32 bytes in base64 or what the key provider
     * unwraps; the file {@code primary} holds the id of the key that encrypts.
     */
    Optional<Path> keys();

    /** What makes keys of the files' contents, by the {@code Identifier} of a {@link KeyProvider}. */
    @WithDefault(PlainKeys.NAME)
    String keyProvider();

    /** Whether a start goes on though rows need keys that the directory does not have. */
    @WithDefault("false")
    boolean allowMissingKeys();

    /** How often the directory is looked at, the replicas agree, and rows are encrypted anew; {@code off} for never. */
    @WithDefault("2s")
    String every();

    /** Rows a second that are encrypted anew with a new primary key, at most. */
    @WithDefault("1000")
    int reencryptionRate();
}
