package dev.tokenkeep;

/** The status of a session. */
public enum SessionStatus {
    /** The session is refreshed, and its access token is served. */
    ACTIVE,
    /**
     * The refresh token is no longer valid. The last access token is served until it expires, unless the refresh token
     * may have been used twice. New tokens, or a late success of a refresh, make the session active again.
     */
    REAUTHENTICATION_REQUIRED,
    /** The user has to act. The refresh token is kept, and the last access token is served until it expires. */
    USER_ACTION_REQUIRED,
    /**
     * The authorization server returned tokens of another subject. No token is served until new tokens replace them.
     */
    QUARANTINED,
    /** The session was removed for good. Its row stays until its attempt and its revocation are over. */
    REMOVED
}
