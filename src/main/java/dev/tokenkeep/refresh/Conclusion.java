package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.store.RefreshResults.Stored;
import java.util.Locale;

/** What became of a refresh that was claimed, under names that stay. */
enum Conclusion {
    STORED,
    /** Stored, but the session had been marked dead meanwhile: another refresh has to show that it is not. */
    UNPROVEN,
    /** Stored, and another subject's. */
    QUARANTINED,
    /** Another attempt or a caller had moved the session on, or it was marked so before. */
    SUPERSEDED,
    /** Answered for a session that was removed or got other tokens meanwhile: revoked. */
    ORPHANED,
    REAUTHENTICATION_REQUIRED,
    USER_ACTION_REQUIRED,
    /** Refused for now, this session alone. */
    BACKED_OFF,
    /** Refused, and the registration paused. */
    PAUSED,
    /** Sent, and no answer that could be understood: the refresh token may be spent. */
    UNKNOWN,
    /** Not one byte left the house. */
    NOT_SENT;

    /** For a metric's label. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Conclusion of(Stored stored) {
        return switch (stored) {
            case STORED -> STORED;
            case UNPROVEN -> UNPROVEN;
            case QUARANTINED -> QUARANTINED;
            case SUPERSEDED -> SUPERSEDED;
            case ORPHANED -> ORPHANED;
        };
    }

    /** @param end of a session whose refresh token was refused for good, or needs its user */
    static Conclusion of(SessionStatus end) {
        return end == SessionStatus.USER_ACTION_REQUIRED ? USER_ACTION_REQUIRED : REAUTHENTICATION_REQUIRED;
    }
}
