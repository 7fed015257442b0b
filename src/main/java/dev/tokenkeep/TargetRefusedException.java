package dev.tokenkeep;

/** There is no access token for a target. The session and its other tokens go on. */
public final class TargetRefusedException extends RuntimeException {

    private final String sessionId;
    private final String registration;
    private final String subject;
    private final String target;
    private final String code;

    /** @param code the error code of the authorization server, such as {@code invalid_target}, or one of Tokenkeep's */
    public TargetRefusedException(String sessionId, String registration, String subject, String target, String code) {
        super("There is no access token of session " + sessionId + " for target " + target + ": " + code);
        this.sessionId = sessionId;
        this.registration = registration;
        this.subject = subject;
        this.target = target;
        this.code = code;
    }

    public String sessionId() {
        return sessionId;
    }

    public String registration() {
        return registration;
    }

    public String subject() {
        return subject;
    }

    public String target() {
        return target;
    }

    public String code() {
        return code;
    }
}
