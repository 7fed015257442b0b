package dev.tokenkeep.refresh;

import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What those who wait for a refresh learn of its end. */
public sealed interface RefreshResult {

    /** What it is called in a span. */
    String label();

    /**
     * This refresh brought and stored new tokens.
     *
     * @param expiresAtNanos by the ticker
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

    /** The row has changed, by this refresh or otherwise: look at it. */
    record Changed() implements RefreshResult {
        @Override
        public String label() {
            return "changed";
        }
    }

    /** Somebody else's refresh, mostly another replica's, has moved the row on: look at it. */
    record Moved() implements RefreshResult {
        @Override
        public String label() {
            return "moved";
        }
    }

    /** There is nothing new, and another try makes sense only later. */
    record NotNow(Reason reason, Duration retryAfter) implements RefreshResult {
        @Override
        public String label() {
            return "not_now";
        }
    }
}
