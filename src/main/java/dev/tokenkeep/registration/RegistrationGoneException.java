package dev.tokenkeep.registration;

/** There is no such registration, or it was removed or given to another client while tokens were on their way. */
public class RegistrationGoneException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public RegistrationGoneException() {
        super("registration: there is no registration with this name");
    }
}
