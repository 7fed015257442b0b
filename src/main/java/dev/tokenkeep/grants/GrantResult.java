package dev.tokenkeep.grants;

import dev.tokenkeep.session.RegistrationResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a grant. */
public sealed interface GrantResult {

    /** The authorization server gave tokens. */
    record Granted(RegistrationResult registered) implements GrantResult {}

    /**
     * It gave none, or none that a session can live on.
     *
     * @param code an OAuth error code, or {@code refresh_token_missing}
     * @param claims which claims a new authorization request has to ask for; null if nobody says
     */
    record Refused(String code, @Nullable String claims) implements GrantResult {}

    /**
     * It could not be asked, or its answer was lost. The same call can be repeated.
     *
     * @param retryAfter null if nothing is known
     */
    record Unavailable(String code, @Nullable Duration retryAfter) implements GrantResult {}
}
