package dev.tokenkeep;

/** The authorization server wants something of the session's user, such as a second factor or a consent. */
public final class UserActionRequiredException extends RuntimeException {

    private final String code;

    /** @param code what is wanted, as the authorization server called it, such as {@code mfa_required} */
    public UserActionRequiredException(String sessionId, String code) {
        super("Session " + sessionId + " needs its user to act: " + code);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
