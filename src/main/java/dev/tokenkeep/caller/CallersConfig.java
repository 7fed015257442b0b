package dev.tokenkeep.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code tokenkeep.callers.<name>.*}. */
@ConfigMapping(prefix = "tokenkeep.callers")
interface CallersConfig {

    @WithParentName
    Map<String, CallerConfig> callers();

    /** One service that may call, known by one thing that its JWTs say. */
    interface CallerConfig {

        /** Whose JWTs it has: one of {@code tokenkeep.issuers}, or if left out that of {@code mp.jwt.verify} or the cluster. */
        Optional<String> issuer();

        /** The {@code sub} of its JWTs. */
        Optional<String> subject();

        /** A group that its JWTs name. */
        Optional<String> group();

        /** A scope that its JWTs were granted. */
        Optional<String> scope();

        /** Some of {@code tokens:read}, {@code sessions:read}, {@code sessions:write}, {@code sessions:admin}. */
        Optional<Set<String>> permissions();

        /** The registrations it may use; all of them if left out. */
        Optional<Set<String>> registrations();

        /** Other callers whose sessions it may use as its own. */
        Optional<Set<String>> sessionsOf();

        /** Its calls at once, in one process. */
        @WithDefault("64")
        String maxConcurrency();

        /** Its calls in a time, in one process, such as {@code 100/1s}; any number if left out. */
        Optional<String> rateLimit();
    }
}
