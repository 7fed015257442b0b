package dev.tokenkeep.audit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit.
 *
 * @param call the call that caused it; {@link Call#NONE} if there was none
 * @param operation the API's operation id; without a call, the name of the change
 * @param reason why it was not done, as the problem's name or an error code, or despite what it was done; null for
 *     neither
 */
public record AuditEntry(
        Call call,
        String operation,
        About about,
        Decision decision,
        @Nullable String reason) {

    /**
     * The call.
     *
     * @param requestId null if there is none
     * @param caller the caller's configured name; null if no caller is known
     * @param latency how long the call took; null without a call
     * @param user whose JWT the caller presented; null if it presented none
     */
    public record Call(
            @Nullable String requestId,
            @Nullable String caller,
            @Nullable Duration latency,
            @Nullable PresentedUser user) {

        static final Call NONE = new Call(null, null, null);

        /** A call for which no user's JWT was presented. */
        public Call(@Nullable String requestId, @Nullable String caller, @Nullable Duration latency) {
            this(requestId, caller, latency, null);
        }
    }

    /**
     * The JWT of a user, which a caller presented.
     *
     * @param issuer the name of its issuer in the configuration
     * @param actor who acts for the user already, as the JWT says; null if nobody does
     */
    public record PresentedUser(String issuer, @Nullable String actor) {}

    /**
     * The session that the entry is about.
     *
     * @param registration null if it is not known
     * @param sessionId null if there is none; only its HMAC is written
     * @param keyId the key that the session's tokens are encrypted with; null if it is not known
     * @param version the version of the session's tokens, or of the target's; null if it is not known
     * @param target the target whose access token was returned; null for the session's own
     */
    public record About(
            @Nullable String registration,
            @Nullable String sessionId,
            @Nullable String keyId,
            @Nullable Long version,
            @Nullable String target) {

        /** About the session itself. */
        public About(
                @Nullable String registration,
                @Nullable String sessionId,
                @Nullable String keyId,
                @Nullable Long version) {
            this(registration, sessionId, keyId, version, null);
        }
    }

    AuditEntry because(String inSpiteOf) {
        return new AuditEntry(call, operation, about, decision, inSpiteOf);
    }

    /** The result. */
    public enum Decision {
        /** It was done. */
        ALLOWED,
        /** The caller may not do it, or it is not possible. */
        REFUSED,
        /** It could not be done right now. */
        FAILED;

        /** Returns the decision for the status of a response. */
        public static Decision of(int status) {
            return status < 400 ? ALLOWED : status < 500 ? REFUSED : FAILED;
        }
    }
}
