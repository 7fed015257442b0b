package dev.tokenkeep.refresh;

import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of a refresh, for the callers that wait for it. */
public sealed interface RefreshResult {

    /** Returns its name in a span. */
    String label();

    /**
     * This refresh obtained and stored new tokens.
     *
     * @param expiresAtNanos when the access token expires, by the ticker
     */
    record Refreshed(
            Secret accessToken,
            String tokenType,
            long expiresAtNanos,
            @Nullable String scope,
            long version) implements RefreshResult {
        @Override
        public String label() {
            return "refreshed";
        }
    }

    /** The session has changed, by this refresh or otherwise. Read it again. */
    record Changed() implements RefreshResult {
        @Override
        public String label() {
            return "changed";
        }
    }

    /** Another refresh, usually of another replica, has changed the session. Read it again. */
    record Moved() implements RefreshResult {
        @Override
        public String label() {
            return "moved";
        }
    }

    /**
     * The authorization server gives no access token for the target. The session goes on.
     *
     * @param code an OAuth error code, or a code of our own
     */
    record TargetRefused(String code) implements RefreshResult {
        @Override
        public String label() {
            return "target_refused";
        }
    }

    /**
     * The authorization server gave no answer for a target that can be understood, or one for now. Others of the session
     * had to wait for it too.
     */
    record TargetUnanswered(Reason reason, Duration retryAfter) implements RefreshResult {
        @Override
        public String label() {
            return "target_unanswered";
        }
    }

    /** There are no new tokens. Another try makes sense only after {@code retryAfter}. */
    record NotNow(Reason reason, Duration retryAfter) implements RefreshResult {
        @Override
        public String label() {
            return "not_now";
        }
    }
}
