package dev.tokenkeep.session.cache;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** {@code tokenkeep.memory.*}. */
@ConfigMapping(prefix = "tokenkeep.memory")
interface MemoryConfig {

    /** How much of it the sessions that are read may take, about; 0 to read each time from the database. */
    @WithDefault("32M")
    MemorySize maxSize();

    /**
     * How long tokens in memory are served beyond the last moment up to which all changes were heard of, while the database can't
     * be asked; 0 for not at all.
     */
    @WithDefault("30S")
    Duration staleIfUnavailable();

    /** The database past a pooler that shares connections between its clients. Left out: the datasource's own URL. */
    Optional<String> jdbcUrl();
}
