package dev.tokenkeep;

import java.time.Duration;

/**
 * Signs users in from inside an application: {@code @Inject SignIns}. The methods do what {@code /v1/authorizations} does
 * in the REST API, by the same rules. They block for up to a minute, so they are not for the event loop.
 */
public interface SignIns {

    /**
     * Begins a sign-in.
     *
     * @throws IllegalArgumentException if the application asked for something that it cannot have, such as an address
     *     that is not configured; the message names the culprit
     * @throws SessionNotFoundException if there is no session with the given id
     * @throws SignInUnavailableException if it cannot begin, or not now
     */
    BegunSignIn begin(NewSignIn signIn);

    /**
     * Completes a sign-in that was begun with the application's own callback. Call it only if the browser that came back
     * is the one that began: compare the callback's {@code state} with the one in the browser's session. The code is
     * used at most once. A repeated call returns the same outcome.
     *
     * @param callback the address that the browser came to, with its query
     */
    SignInOutcome complete(String id, String callback);

    /**
     * Completes a sign-in of the hosted callback. Only now is the code exchanged. A repeated call returns the same
     * outcome.
     *
     * @param confirmation what the browser brought to the return URI
     * @param subject who is signed in at the application in this browser; never taken from the address
     */
    SignInOutcome confirm(String id, String confirmation, String subject);

    /** Returns how far a sign-in has come, once it is no longer pending or after {@code longest}, at most 30 seconds. */
    SignInOutcome await(String id, Duration longest);
}
