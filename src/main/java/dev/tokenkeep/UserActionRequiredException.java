package dev.tokenkeep;

/** The authorization server requires an action of the user, such as a second factor or a consent. */
public final class UserActionRequiredException extends RuntimeException {

    private final String sessionId;
    private final String registration;
    private final String subject;
    private final String code;

    /** @param code the required action, as the authorization server named it, such as {@code mfa_required} */
    public UserActionRequiredException(String sessionId, String registration, String subject, String code) {
        super("The user of session " + sessionId + " has to act at the authorization server: " + code);
        this.sessionId = sessionId;
        this.registration = registration;
        this.subject = subject;
        this.code = code;
    }

    /** Returns the session for which to begin a sign-in, with its {@link #registration} and {@link #subject}. */
    public String sessionId() {
        return sessionId;
    }

    public String registration() {
        return registration;
    }

    public String subject() {
        return subject;
    }

    public String code() {
        return code;
    }
}
