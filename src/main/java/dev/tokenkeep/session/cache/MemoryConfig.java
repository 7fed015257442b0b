package dev.tokenkeep.session.cache;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** {@code tokenkeep.memory.*}. */
@ConfigMapping(prefix = "tokenkeep.memory")
interface MemoryConfig {

    /** The approximate maximum memory for cached sessions; 0 to read each time from the database. */
    @WithDefault("32M")
    MemorySize maxSize();

    /**
     * How long cached tokens are served after the last moment up to which all changes were received, while the database
     * cannot be queried; 0 for not at all.
     */
    @WithDefault("30S")
    Duration staleIfUnavailable();

    /** The database's URL without a pooler that shares connections. Default: the datasource's own URL. */
    Optional<String> jdbcUrl();
}
