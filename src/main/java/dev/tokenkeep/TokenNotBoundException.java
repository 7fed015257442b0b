package dev.tokenkeep;

/** The session's access token is not bound to a key, so there is nothing to prove. */
public final class TokenNotBoundException extends RuntimeException {

    public TokenNotBoundException(String sessionId) {
        super("The access token of session " + sessionId + " is not bound to a key");
    }
}
