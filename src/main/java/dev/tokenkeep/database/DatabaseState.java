package dev.tokenkeep.database;

import java.util.Locale;

/** How the database is, as its guard has seen it last. */
public enum DatabaseState {
    UP,
    /** It does not answer, or refuses connections. */
    UNREACHABLE,
    /** It answers and takes no changes: a standby, such as a former primary that has come back. */
    READ_ONLY;

    /** For people and probes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
