package dev.tokenkeep;

/** The authorization server requires an action of the user, such as a second factor or a consent. */
public final class UserActionRequiredException extends RuntimeException {

    private final String code;

    /** @param code the required action, as the authorization server named it, such as {@code mfa_required} */
    public UserActionRequiredException(String sessionId, String code) {
        super("The user of session " + sessionId + " has to act at the authorization server: " + code);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
