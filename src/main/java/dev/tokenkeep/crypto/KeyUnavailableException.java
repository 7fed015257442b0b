package dev.tokenkeep.crypto;

/** What a key file holds can't be made a key, for now or at all. The message goes on from "The key file …". */
public final class KeyUnavailableException extends RuntimeException {

    public KeyUnavailableException(String message) {
        super(message);
    }
}
