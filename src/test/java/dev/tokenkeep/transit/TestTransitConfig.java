package dev.tokenkeep.transit;

import java.nio.file.Path;
import java.util.Optional;

/** Settings of a Transit engine, for the namespace {@code team}. */
record TestTransitConfig(
        Optional<String> address,
        String mount,
        Optional<String> key,
        Optional<Path> tokenFile,
        Optional<String> tlsConfiguration)
        implements TransitConfig {

    @Override
    public Optional<String> namespace() {
        return Optional.of("team");
    }
}
