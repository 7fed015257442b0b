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

    /** One service that may use the API. One claim of its JWTs identifies it. */
    interface CallerConfig {

        /**
         * The issuer of its JWTs: one of {@code tokenkeep.issuers}. If left out, that of {@code mp.jwt.verify} or the
         * cluster.
         */
        Optional<String> issuer();

        /** The {@code sub} of its JWTs. */
        Optional<String> subject();

        /** A group in its JWTs. */
        Optional<String> group();

        /** A scope in its JWTs. */
        Optional<String> scope();

        /** Some of {@code tokens:read}, {@code sessions:read}, {@code sessions:write}, {@code sessions:admin}. */
        Optional<Set<String>> permissions();

        /** The registrations it may use; all of them if left out. */
        Optional<Set<String>> registrations();

        /** Other callers whose sessions it may use as its own. */
        Optional<Set<String>> sessionsOf();

        /** Where authorization servers may send its users' browsers; compared to the letter. */
        Optional<Set<String>> redirectUris();

        /** Where the hosted callback may send its users' browsers; compared to the letter. */
        Optional<Set<String>> returnUris();

        /** The maximum of its concurrent calls, in one process. */
        @WithDefault("64")
        String maxConcurrency();

        /** The limit of its calls, in one process, such as {@code 100/1s}; no limit if left out. */
        Optional<String> rateLimit();
    }
}
