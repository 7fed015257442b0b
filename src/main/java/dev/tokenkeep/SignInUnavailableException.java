package dev.tokenkeep;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A sign-in cannot begin. Unless it is {@link Reason#NOT_POSSIBLE}, the same call may succeed later. */
public final class SignInUnavailableException extends RuntimeException {

    /** Why it cannot begin. */
    public enum Reason {
        /**
         * The registration or its authorization server has no such sign-in, or refuses the client. Only another
         * configuration helps.
         */
        NOT_POSSIBLE,
        AUTHORIZATION_SERVER_UNAVAILABLE,
        /** Too many sign-ins of this subject or of the application have begun and not ended. */
        TOO_MANY
    }

    private final Reason reason;
    private final String code;
    private final @Nullable Duration retryAfter;

    public SignInUnavailableException(Reason reason, String code, String message, @Nullable Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** Returns the OAuth error code, or our own; empty if there is none. */
    public String code() {
        return code;
    }

    /** Returns how long to wait before the next try; positive. Empty if it is {@link Reason#NOT_POSSIBLE}. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
