package dev.tokenkeep.authorizationserver;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code tokenkeep.metrics.*}. */
@ConfigMapping(prefix = "tokenkeep.metrics")
public interface MetricsConfig {

    /** How many registrations have series of their own. */
    @WithDefault("200")
    int registrations();
}
