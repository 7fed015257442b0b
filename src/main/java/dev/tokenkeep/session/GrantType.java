package dev.tokenkeep.session;

import java.util.Locale;

/** How a session gets its next access token. */
public enum GrantType {
    /** By its refresh token (RFC 6749 §6). */
    REFRESH_TOKEN,
    /** By asking again as the client itself (RFC 6749 §4.4). There is no user and nothing is spent. */
    CLIENT_CREDENTIALS,
    /** Not at all: it has an access token alone. */
    NONE;

    /** Returns the name that callers see. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
