package dev.tokenkeep.transit;

/** A Transit engine did not do what it was asked for. The message says why, with nothing of its response. */
final class TransitFailure extends RuntimeException {

    TransitFailure(String message) {
        super(message);
    }
}
