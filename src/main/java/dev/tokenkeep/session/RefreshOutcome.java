package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import java.util.Locale;

/** The outcome of a claimed refresh. The names are stable. */
public enum RefreshOutcome {
    /** The tokens are stored, by this call or by an earlier one whose acknowledgement was lost. */
    STORED,
    /** As {@link #STORED}, but the session had ended: its access token is not served before another refresh. */
    UNPROVEN,
    /** The tokens are stored, but belong to another subject: the session is quarantined. */
    QUARANTINED,
    /** Another attempt or a caller has changed the session, or it had this status already: the result is discarded. */
    SUPERSEDED,
    /** The session was removed or got new tokens meanwhile: the received tokens belong to nobody and may be revoked. */
    ORPHANED,
    REAUTHENTICATION_REQUIRED,
    /** An access token alone has expired. Nothing was sent. */
    ACCESS_TOKEN_EXPIRED,
    USER_ACTION_REQUIRED,
    /** Refused for now. This affects only this session. */
    BACKED_OFF,
    /** An access token for a target was refused. The session goes on. */
    TARGET_REFUSED,
    /** Refused, and the registration is paused. */
    PAUSED,
    /** Sent, but no understandable response came: the refresh token may be spent. */
    UNKNOWN,
    /** Not one byte was sent. */
    NOT_SENT;

    /** Returns the value of a metric's label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param end the status of a session whose refresh token was refused for good, or whose user has to act
     * @param code why
     */
    public static RefreshOutcome of(SessionStatus end, String code) {
        if (code.equals(FailureCode.ACCESS_TOKEN_EXPIRED)) {
            return ACCESS_TOKEN_EXPIRED;
        }
        return end == SessionStatus.USER_ACTION_REQUIRED ? USER_ACTION_REQUIRED : REAUTHENTICATION_REQUIRED;
    }
}
