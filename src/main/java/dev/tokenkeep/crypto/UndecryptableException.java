package dev.tokenkeep.crypto;

/** A ciphertext can't be opened: its key is not in the ring, or it was not made for this place. Nothing of it is told. */
public final class UndecryptableException extends RuntimeException {

    UndecryptableException(String message) {
        super(message);
    }
}
