package dev.tokenkeep.rest.imports;

import java.util.Locale;

/** What became of a line of an import. */
enum ImportResult {
    /** The session is new. */
    REGISTERED,
    /** The caller has registered this refresh token before. */
    KNOWN,
    /** Nothing was stored. */
    REFUSED;

    /** Returns the name that callers and operators see. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
