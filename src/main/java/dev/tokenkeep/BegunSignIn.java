package dev.tokenkeep;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that has begun.
 *
 * @param id to complete it with
 * @param expiresIn how long the user has
 * @param next what the user has to do
 */
public record BegunSignIn(String id, Duration expiresIn, NextStep next) {

    /** What the user has to do. Its {@code toString} has none of what the user alone should see. */
    public sealed interface NextStep {

        /**
         * The user's browser has to go somewhere.
         *
         * @param state what the browser brings back. Keep it in the browser's session: the callback belongs to this
         *     browser only if it has the same state. Null with the hosted callback, which keeps its own.
         */
        record OpenBrowser(URI uri, @Nullable String state) implements NextStep {

            @Override
            public String toString() {
                return "[open browser]";
            }
        }

        /**
         * The user has to enter a code, in any browser (RFC 8628 §3.3).
         *
         * @param completeUri already has the code; null if there is none, or the operator does not want it
         * @param interval how often the authorization server is asked
         */
        record EnterCode(String userCode, URI uri, @Nullable URI completeUri, Duration interval) implements NextStep {

            @Override
            public String toString() {
                return "[enter code]";
            }
        }
    }
}
