package dev.tokenkeep.crypto;

/** The content of a key file cannot be made a key, now or ever. The message continues after "The key file …". */
public final class KeyUnavailableException extends RuntimeException {

    public KeyUnavailableException(String message) {
        super(message);
    }
}
