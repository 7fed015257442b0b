package dev.tokenkeep.oauth;

/** What a refusal means for the session and its registration (CONFORMANCE D). */
public enum FailureClass {
    /** The refresh token is spent, revoked or expired. */
    GRANT_DEAD,
    /** This request asked for something that it cannot have. The refresh token stays valid. */
    REQUEST_WRONG,
    /** The client registration is at fault. The authorization server would refuse every session of it. */
    REGISTRATION_WRONG,
    /** Access was denied to this session. It is a fault of the registration only if other sessions are denied too. */
    ACCESS_DENIED,
    /** The user has to act. The refresh token stays valid. */
    USER_ACTION,
    /** Refused for now. The refresh token is certainly not spent. */
    TRANSIENT
}
