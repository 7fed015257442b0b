package dev.tokenkeep.audit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param requestId of the call; null for what no call asked for
 * @param caller its configured name; null for nobody that is known
 * @param operation what was asked for, by the API's operation id
 * @param registration null where it is not known
 * @param sessionId null where there is none; told as its HMAC alone
 * @param reason why it was not done, by the problem's name or an error code, or what it was done in spite of; null for neither
 * @param keyId of the key that the session's tokens are encrypted with
 * @param version of the session's tokens; null where it is not known
 * @param latency how long it took; null for what no call asked for
 */
public record AuditEntry(
        @Nullable String requestId,
        @Nullable String caller,
        String operation,
        @Nullable String registration,
        @Nullable String sessionId,
        Decision decision,
        @Nullable String reason,
        @Nullable String keyId,
        @Nullable Long version,
        @Nullable Duration latency) {

    AuditEntry because(String inSpiteOf) {
        return new AuditEntry(
                requestId, caller, operation, registration, sessionId, decision, inSpiteOf, keyId, version, latency);
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
