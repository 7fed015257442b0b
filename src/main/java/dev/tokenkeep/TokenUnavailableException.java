package dev.tokenkeep;

import java.time.Duration;

/** No valid token can be had right now; the session itself is kept and the same call may succeed later. */
public final class TokenUnavailableException extends RuntimeException {

    /** Who is in the way. */
    public enum Reason {
        AUTHORIZATION_SERVER_UNAVAILABLE,
        REGISTRATION_PAUSED
    }

    private final Reason reason;
    private final Duration retryAfter;

    public TokenUnavailableException(String sessionId, Reason reason, Duration retryAfter) {
        super("No token for session " + sessionId + " right now: " + reason);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** When another try makes sense; positive. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
