package dev.tokenkeep.registration.settings;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** {@code tokenkeep.providers.*}. */
@ConfigMapping(prefix = "tokenkeep.providers")
public interface ProvidersConfig {

    /** A directory with the operator's own providers. */
    Optional<String> directory();
}
