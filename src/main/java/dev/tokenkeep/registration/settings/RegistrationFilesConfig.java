package dev.tokenkeep.registration.settings;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** {@code tokenkeep.registration-files.*}. */
@ConfigMapping(prefix = "tokenkeep.registration-files")
interface RegistrationFilesConfig {

    /**
     * A directory with a file for each registration, {@code <name>.properties}. It is read again when it changes, without
     * a restart.
     */
    Optional<String> directory();
}
