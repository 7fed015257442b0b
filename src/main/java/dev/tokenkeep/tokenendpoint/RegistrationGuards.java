package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One guard for each registration, so that one authorization server's outage never trips another's breaker. */
@Singleton
public class RegistrationGuards {

    private final Map<String, RegistrationGuard> guards = new ConcurrentHashMap<>();
    private final Ticker ticker;

    RegistrationGuards(Ticker ticker) {
        this.ticker = ticker;
    }

    public RegistrationGuard of(ClientRegistration registration) {
        return guards.computeIfAbsent(registration.name(), name -> new RegistrationGuard(registration, ticker));
    }
}
