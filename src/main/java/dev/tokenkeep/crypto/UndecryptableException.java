package dev.tokenkeep.crypto;

/** A ciphertext cannot be decrypted: its key is missing, or it is for another place. The message shows none of it. */
public final class UndecryptableException extends RuntimeException {

    UndecryptableException(String message) {
        super(message);
    }
}
