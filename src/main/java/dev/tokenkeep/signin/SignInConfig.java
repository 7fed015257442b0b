package dev.tokenkeep.signin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** {@code tokenkeep.sign-in.*}. */
@ConfigMapping(prefix = "tokenkeep.sign-in")
public interface SignInConfig {

    /** How long a user may take to sign in; at most an hour. */
    @WithDefault("10M")
    Duration lifetime();

    /** How many sign-ins a caller may have begun and not ended. */
    @WithDefault("10000")
    int maxPending();

    /** How many of them may be for one subject. */
    @WithDefault("20")
    int maxPendingOfSubject();

    /** The callbacks of the application that has the library, for {@code @Inject SignIns}. */
    Optional<Set<String>> redirectUris();

    /** Where browsers may go after the hosted callback, for {@code @Inject SignIns}. */
    Optional<Set<String>> returnUris();
}
