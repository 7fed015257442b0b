package dev.tokenkeep;

/** The authorization server gives no access token for a target. The session and its other tokens go on. */
public final class TargetRefusedException extends RuntimeException {

    private final String sessionId;
    private final String registration;
    private final String subject;
    private final String target;
    private final String code;

    /** @param code why, as the authorization server named it, such as {@code invalid_target} */
    public TargetRefusedException(String sessionId, String registration, String subject, String target, String code) {
        super("The authorization server gives session " + sessionId + " no access token for target " + target + ": "
                + code);
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
