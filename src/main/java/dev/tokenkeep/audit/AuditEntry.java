package dev.tokenkeep.audit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param call which call asked for it; {@link Call#NONE} if none did
 * @param operation what was asked for, by the API's operation id
 * @param reason why it was not done, by the problem's name or an error code, or what it was done in spite of; null for neither
 */
public record AuditEntry(
        Call call,
        String operation,
        About about,
        Decision decision,
        @Nullable String reason) {

    /**
     * Who asked.
     *
     * @param requestId null where there is none
     * @param caller its configured name; null for nobody that is known
     * @param latency how long it took; null for what no call asked for
     */
    public record Call(
            @Nullable String requestId,
            @Nullable String caller,
            @Nullable Duration latency) {

        static final Call NONE = new Call(null, null, null);
    }

    /**
     * The session that it is about.
     *
     * @param registration null where it is not known
     * @param sessionId null where there is none; written as its HMAC alone
     * @param keyId of the key that the session's tokens are encrypted with; null where it is not known
     * @param version of the session's tokens; null where it is not known
     */
    public record About(
            @Nullable String registration,
            @Nullable String sessionId,
            @Nullable String keyId,
            @Nullable Long version) {}

    AuditEntry because(String inSpiteOf) {
        return new AuditEntry(call, operation, about, decision, inSpiteOf);
    }

    /** What became of it. */
    public enum Decision {
        /** It was done. */
        ALLOWED,
        /** The caller may not, or what it asked for can't be. */
        REFUSED,
        /** It could not be done right now. */
        FAILED;

        /** By the status of the answer. */
        public static Decision of(int status) {
            return status < 400 ? ALLOWED : status < 500 ? REFUSED : FAILED;
        }
    }
}
