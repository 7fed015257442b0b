package dev.tokenkeep.caller;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code tokenkeep.api.*}. */
@ConfigMapping(prefix = "tokenkeep.api")
interface ApiConfig {

    /** Read when the application is built. */
    @WithDefault("true")
    boolean enabled();

    /** The longest JWT of a caller. {@code quarkus.http.limits.max-header-size} bounds it too. */
    @WithDefault("16K")
    MemorySize maxJwtSize();
}
