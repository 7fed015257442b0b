package dev.tokenkeep;

/** The session can no longer be refreshed: its user has to sign in again. */
public final class ReauthenticationRequiredException extends RuntimeException {

    private final String sessionId;
    private final String registration;
    private final String subject;
    private final String code;

    /** @param code the session's {@code failure.code}, such as {@code invalid_grant}, or {@code quarantined} */
    public ReauthenticationRequiredException(String sessionId, String registration, String subject, String code) {
        super("The user of session " + sessionId + " has to sign in again: " + code);
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
