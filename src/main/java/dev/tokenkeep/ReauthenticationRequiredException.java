package dev.tokenkeep;

/** The session's grant is dead: its user has to sign in again. */
public final class ReauthenticationRequiredException extends RuntimeException {

    private final String code;

    /** @param code why, as in the session's {@code failure.code}, such as {@code invalid_grant} */
    public ReauthenticationRequiredException(String sessionId, String code) {
        super("Session " + sessionId + " needs its user to sign in again: " + code);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
