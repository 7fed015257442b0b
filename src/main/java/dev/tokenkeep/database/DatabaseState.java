package dev.tokenkeep.database;

import java.util.Locale;

/** The state of the database at the guard's last check. */
public enum DatabaseState {
    UP,
    /** It does not answer, or refuses connections. */
    UNREACHABLE,
    /** It answers but accepts no changes: a standby, such as a former primary that has come back. */
    READ_ONLY;

    /** Returns the name for people and probes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
