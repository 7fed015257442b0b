package dev.tokenkeep.jose;

/** A key or a certificate cannot be used. The message says which and why, and never quotes it. */
public final class UnusableKeyException extends Exception {

    public UnusableKeyException(String message) {
        super(message);
    }
}
