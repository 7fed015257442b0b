package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import java.util.Locale;

/** What became of a refresh that was claimed, under names that stay. */
public enum RefreshOutcome {
    /** The answer is the session's, stored by this call or by one before it whose acknowledgement got lost. */
    STORED,
    /** As {@link #STORED}, but the session had been marked dead: the access token is not served before another refresh. */
    UNPROVEN,
    /** The answer is stored, and somebody else's: the session is quarantined. */
    QUARANTINED,
    /** Another attempt or a caller has moved the session on, or it was marked so before: the answer is dropped. */
    SUPERSEDED,
    /** The session was removed or got new tokens meanwhile: what came back is revoked, it belongs to nobody. */
    ORPHANED,
    REAUTHENTICATION_REQUIRED,
    USER_ACTION_REQUIRED,
    /** Refused for now, this session alone. */
    BACKED_OFF,
    /** Refused, and the registration paused. */
    PAUSED,
    /** Sent, and no answer that could be understood: the refresh token may be spent. */
    UNKNOWN,
    /** Not one byte was sent. */
    NOT_SENT;

    /** For a metric's label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param end of a session whose refresh token was refused for good, or needs its user */
    public static RefreshOutcome of(SessionStatus end) {
        return end == SessionStatus.USER_ACTION_REQUIRED ? USER_ACTION_REQUIRED : REAUTHENTICATION_REQUIRED;
    }
}
