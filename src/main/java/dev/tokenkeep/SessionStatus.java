package dev.tokenkeep;

/** Where a session stands. */
public enum SessionStatus {
    /** Refreshed and served. */
    ACTIVE,
    /** The grant is dead, its last access token served to its end; new tokens (or a late success) bring it back. */
    REAUTHENTICATION_REQUIRED,
    /** The user has to act; the refresh token is kept, and the last access token served to its end. */
    USER_ACTION_REQUIRED,
    /** The authorization server answered another subject; nothing is served. */
    QUARANTINED,
    /** A tombstone until its attempt and its revocation are over; nothing revives it. */
    REMOVED
}
