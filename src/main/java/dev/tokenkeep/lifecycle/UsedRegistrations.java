package dev.tokenkeep.lifecycle;

import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationGoneException;
import jakarta.inject.Singleton;

/** Finds the registrations of sessions that are about to be stored. */
@Singleton
class UsedRegistrations {

    private final ClientRegistrations registrations;
    private final RefreshMetrics metrics;
    private final ClientNames names;

    UsedRegistrations(ClientRegistrations registrations, RefreshMetrics metrics, ClientNames names) {
        this.registrations = registrations;
        this.metrics = metrics;
        this.names = names;
    }

    /** @throws RegistrationGoneException if there is no such registration */
    ClientRegistration find(String name) {
        return registrations.find(name).orElseThrow(RegistrationGoneException::new);
    }

    /**
     * Shows the registration in metrics, and stores which client it is, before a session of it is stored. Returns it.
     */
    ClientRegistration used(ClientRegistration registration) {
        metrics.of(registration);
        names.used(registration);
        return registration;
    }
}
