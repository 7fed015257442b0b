package dev.tokenkeep;

import java.time.Duration;

/** How far a sign-in has come. The codes are those of the REST API. */
public sealed interface SignInOutcome {

    /** The user has signed in, and the session is kept. */
    record SignedIn(String sessionId) implements SignInOutcome {}

    /** The user may still sign in. */
    record Pending() implements SignInOutcome {}

    /** The browser is back from the hosted callback, and the application has to confirm. */
    record AwaitingConfirmation() implements SignInOutcome {}

    /**
     * The callback does not belong to this sign-in, which stays as it was.
     *
     * @param code {@code state_mismatch}, {@code iss_mismatch}, {@code code_missing} …
     */
    record CallbackRefused(String code) implements SignInOutcome {}

    /**
     * The authorization server sent the browser back with an error. The user may try again until the sign-in expires. Only
     * {@link SignIns#complete} returns this: the hosted callback takes the error to the return URI, and with a user code it
     * is {@link Over}.
     *
     * @param error the error code of RFC 6749 §4.1.2.1 or OpenID Connect Core 1.0 §3.1.2.6
     */
    record Denied(String error) implements SignInOutcome {}

    /**
     * The sign-in is over without a session. Begin a new one.
     *
     * @param code why it failed; {@code expired}; {@code unknown} if there is no such sign-in, or no longer
     */
    record Over(String code) implements SignInOutcome {}

    /** Another call is completing it. Repeat the same call. */
    record InProgress() implements SignInOutcome {}

    /**
     * The code cannot be exchanged now, and it was not used. Repeat the same call.
     *
     * @param code why; with {@code invalid_client} the configuration has to be corrected first
     * @param retryAfter how long to wait before; positive
     */
    record Unavailable(String code, Duration retryAfter) implements SignInOutcome {}
}
