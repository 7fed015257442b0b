package dev.tokenkeep.signin;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** {@code tokenkeep.connect.*}. */
@ConfigMapping(prefix = "tokenkeep.connect")
interface ConnectConfig {

    /** The address at which browsers reach {@code /connect}, without that path. Without it there is no hosted callback. */
    Optional<String> baseUrl();
}
