package dev.tokenkeep;

import java.time.Duration;

/** No valid token is available right now. The session itself is kept, and the same call may succeed later. */
public final class TokenUnavailableException extends RuntimeException {

    /** Why no token is available. */
    public enum Reason {
        AUTHORIZATION_SERVER_UNAVAILABLE,
        REGISTRATION_PAUSED,
        /** There is no registration of the session's name: it was removed, or is not configured here, or cannot be used. */
        REGISTRATION_MISSING
    }

    private final Reason reason;
    private final Duration retryAfter;

    public TokenUnavailableException(String sessionId, Reason reason, Duration retryAfter) {
        super("No token is available for session " + sessionId + " now: " + reason);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** Returns how long to wait before the next try; positive. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
