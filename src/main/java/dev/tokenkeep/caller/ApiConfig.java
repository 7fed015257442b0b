package dev.tokenkeep.caller;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code tokenkeep.api.*}. */
@ConfigMapping(prefix = "tokenkeep.api")
interface ApiConfig {

    /** Whether there is a REST API. Read at build time. */
    @WithDefault("true")
    boolean enabled();

    /** The maximum size of a caller's JWT. {@code quarkus.http.limits.max-header-size} limits it too. */
    @WithDefault("16K")
    MemorySize maxJwtSize();
}
