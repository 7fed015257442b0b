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
        return known == null ? guards.computeIfAbsent(registration.name(), name -> made(registration)) : known;
    }

    /** Returns the guard; empty if the registration has not been used in this process. */
    public Optional<RegistrationGuard> known(ClientRegistration registration) {
        return Optional.ofNullable(guards.get(registration.name()));
    }

    private RegistrationGuard made(ClientRegistration registration) {
        var guard = new RegistrationGuard(registration, ticker);
        metrics.show(registration, guard);
        return guard;
    }
}
