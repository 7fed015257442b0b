package dev.tokenkeep.oauth;

/** What a refusal says of the session and its registration (CONFORMANCE D). */
public enum FailureClass {
    /** The refresh token is spent, revoked or expired. */
    GRANT_DEAD,
    /** This request asked for something it can't have; the grant lives. */
    REQUEST_WRONG,
    /** The client registration is at fault: every session of it would be refused. */
    REGISTRATION_WRONG,
    /** This session was denied; a fault of the registration only if others are denied too. */
    ACCESS_DENIED,
    /** The user has to act; the refresh token stays good. */
    USER_ACTION,
    /** Refused for now, the refresh token certainly not spent. */
    TRANSIENT
}
