package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;

/** One guard for each registration, so that one authorization server's outage never trips another's breaker. */
@ApplicationScoped
public class RegistrationGuards {

    public RegistrationGuard of(ClientRegistration registration) {
        throw new UnsupportedOperationException();
    }
}
