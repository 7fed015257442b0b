package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.session.Session;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a callback. */
public sealed interface SignInResult {

    /** Returns why there is no session; {@code completed} if there is one. */
    String code();

    /** The user has signed in, and the session is kept. */
    record Completed(Session session) implements SignInResult {
        @Override
        public String code() {
            return "completed";
        }
    }

    /**
     * The callback does not belong to this sign-in, which stays as it was.
     *
     * @param code {@code state_mismatch}, {@code iss_mismatch}, {@code code_missing} …
     */
    record NotOurs(String code) implements SignInResult {}

    /**
     * The authorization server sent the browser back with an error. The user may try again until the sign-in expires.
     *
     * @param error the error code of RFC 6749 §4.1.2.1 or OpenID Connect Core 1.0 §3.1.2.6
     */
    record Denied(String error) implements SignInResult {
        @Override
        public String code() {
            return error;
        }
    }

    /** The sign-in is over without a session; {@code expired}, or why it failed. */
    record Over(String code) implements SignInResult {}

    /** Another call is exchanging the code. */
    record Exchanging() implements SignInResult {
        @Override
        public String code() {
            return "in_progress";
        }
    }

    /**
     * The authorization server cannot be reached now, and the code was not sent.
     *
     * @param retryAfter null if nobody says
     */
    record Unavailable(String code, @Nullable Duration retryAfter) implements SignInResult {}
}
