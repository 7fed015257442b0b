package dev.tokenkeep.registration;

/** Whether access tokens are bound to a key of their session (RFC 9449). */
public enum Dpop {
    OFF,
    /** They are asked for with a proof of the key. One that is not bound is served all the same. */
    OFFERED,
    /** One that is not bound is not served (CONFORMANCE G12). */
    REQUIRED;

    /** Returns whether sessions get a key. */
    public boolean isOn() {
        return this != OFF;
    }
}
