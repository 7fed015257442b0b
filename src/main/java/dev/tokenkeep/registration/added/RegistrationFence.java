package dev.tokenkeep.registration.added;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationGoneException;
import jakarta.inject.Singleton;

/**
 * Keeps tokens of one authorization server from being stored under a registration that has become another one's. Between
 * replicas, a change is known only after a moment.
 */
@Singleton
public class RegistrationFence {

    private final StoredRegistrations stored;

    RegistrationFence(StoredRegistrations stored) {
        this.stored = stored;
    }

    /**
     * Checks within the transaction that stores tokens. Until it ends, the registration stays as it is.
     *
     * @throws RegistrationGoneException if the registration was removed, or is now that of another client or server
     */
    public void check(ClientRegistration registration) {
        String destination = registration.server().origin().destination();
        if (destination != null && !stored.holds(registration.name(), destination)) {
            throw new RegistrationGoneException();
        }
    }
}
