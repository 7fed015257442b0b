package dev.tokenkeep.transit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code tokenkeep.encryption.transit.*}, for the key provider {@code vault-transit} and for client keys in a Transit
 * engine.
 */
@ConfigMapping(prefix = "tokenkeep.encryption.transit")
public interface TransitConfig {

    /** The address of Vault or OpenBao: https, or http on this machine's own loopback. */
    Optional<String> address();

    /** The path at which the Transit engine is mounted. */
    @WithDefault("transit")
    String mount();

    /** The Transit key that unwraps; only for the key provider. */
    Optional<String> key();

    /** The file of the token. It is read again for every request; an agent may keep it fresh. */
    Optional<Path> tokenFile();

    Optional<String> namespace();

    /** A configuration of the TLS registry, for a private certificate authority. */
    Optional<String> tlsConfiguration();
}
