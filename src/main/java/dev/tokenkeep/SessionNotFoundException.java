package dev.tokenkeep;

/** There is no such session, or it was removed. */
public final class SessionNotFoundException extends RuntimeException {

    public SessionNotFoundException(String sessionId) {
        super("No session " + sessionId);
    }
}
