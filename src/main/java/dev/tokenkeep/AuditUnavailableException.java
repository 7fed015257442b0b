package dev.tokenkeep;

/** The audit entry of a token that was about to be handed out could not be written: it is not handed out. */
public final class AuditUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public AuditUnavailableException(String message) {
        super(message);
    }
}
