package dev.tokenkeep;

/** The session can no longer be refreshed: its user has to sign in again. */
public final class ReauthenticationRequiredException extends RuntimeException {

    private final String code;

    /** @param code the session's {@code failure.code}, such as {@code invalid_grant}, or {@code quarantined} */
    public ReauthenticationRequiredException(String sessionId, String code) {
        super("The user of session " + sessionId + " has to sign in again: " + code);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
