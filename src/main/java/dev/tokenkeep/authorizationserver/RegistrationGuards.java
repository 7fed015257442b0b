package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds one guard per registration in use, so that an outage of one authorization server never opens another's breaker.
 */
@Singleton
public class RegistrationGuards {

    private final Map<String, RegistrationGuard> guards = new ConcurrentHashMap<>();
    private final GuardMetrics metrics;
    private final Ticker ticker;

    RegistrationGuards(GuardMetrics metrics, Ticker ticker) {
        this.metrics = metrics;
        this.ticker = ticker;
    }

    public RegistrationGuard of(ClientRegistration registration) {
        RegistrationGuard known = guards.get(registration.name());
        if (known == null) {
            return guards.computeIfAbsent(registration.name(), name -> made(registration));
        }
        // It stays as long as the process, because requests under way give their permits back to it.
        known.follow(registration);
        return known;
    }

    /** Returns the guard; empty if the registration has not been used in this process. */
    public Optional<RegistrationGuard> known(ClientRegistration registration) {
        RegistrationGuard known = guards.get(registration.name());
        if (known != null) {
            known.follow(registration);
        }
        return Optional.ofNullable(known);
    }

    private RegistrationGuard made(ClientRegistration registration) {
        var guard = new RegistrationGuard(registration, ticker);
        metrics.show(registration, guard);
        return guard;
    }
}
