package dev.tokenkeep.rest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code tokenkeep.callers.<name>.*}. */
@ConfigMapping(prefix = "tokenkeep.callers")
interface CallersConfig {

    @WithParentName
    Map<String, CallerConfig> callers();

    /** One service that may call. */
    interface CallerConfig {

        /** The {@code sub} of its JWTs. */
        Optional<String> subject();

        /** Some of {@code tokens:read}, {@code sessions:read}, {@code sessions:write}, {@code sessions:admin}. */
        Optional<Set<String>> permissions();

        /** The registrations it may use; all of them if left out. */
        Optional<Set<String>> registrations();
    }
}
