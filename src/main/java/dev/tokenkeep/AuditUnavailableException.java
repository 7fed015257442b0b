package dev.tokenkeep;

/** The audit entry of a token could not be written, so the token is not returned. */
public final class AuditUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public AuditUnavailableException(String message) {
        super(message);
    }
}
