package dev.tokenkeep.signin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A sign-in cannot begin. */
public final class SignInException extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** The caller asked for something that it cannot have. */
        INVALID,
        /** The registration or its authorization server has no sign-in, or refuses the client. */
        NOT_POSSIBLE,
        /** The authorization server cannot be reached now. */
        UNAVAILABLE,
        /** The caller has begun too many. */
        TOO_MANY
    }

    private final Reason reason;
    private final String culprit;
    private final @Nullable Duration retryAfter;

    private SignInException(Reason reason, String culprit, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.reason = reason;
        this.culprit = culprit;
        this.retryAfter = retryAfter;
    }

    /** @param member the member of the request */
    static SignInException invalid(String member, String message) {
        return new SignInException(Reason.INVALID, member, message, null);
    }

    /** @param code an OAuth error code or our own */
    static SignInException notPossible(String code, String message) {
        return new SignInException(Reason.NOT_POSSIBLE, code, message, null);
    }

    static SignInException unavailable(String code, @Nullable Duration retryAfter) {
        return new SignInException(Reason.UNAVAILABLE, code, "The authorization server is not available", retryAfter);
    }

    static SignInException tooMany(Duration retryAfter) {
        return new SignInException(
                Reason.TOO_MANY,
                "",
                "Too many sign-ins of this caller or subject have begun and not ended",
                retryAfter);
    }

    public Reason reason() {
        return reason;
    }

    /** Returns the member or code that is at fault; may be empty. */
    public String culprit() {
        return culprit;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
