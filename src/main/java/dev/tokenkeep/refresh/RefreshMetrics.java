package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what becomes of refreshes and reads. Every configured registration's counters are there from the start on: a rate
 * misses the first event of a counter that begins with it. No label tells of a session, a subject or a token.
 */
@Singleton
class RefreshMetrics {

    private final MeterRegistry meters;
    private final Map<String, RegistrationMeters> registrations = new ConcurrentHashMap<>();

    RefreshMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void begin(@Observes StartupEvent start, ClientRegistrations configured, HeldAnswers held) {
        configured.all().forEach(this::of);
        Gauge.builder("tokenkeep.answers.held", held, HeldAnswers::count)
                .strongReference(true)
                .register(meters);
    }

    RegistrationMeters of(ClientRegistration registration) {
        return of(registration.name());
    }

    /** A session's registration may not be configured any more. */
    RegistrationMeters of(String registration) {
        RegistrationMeters known = registrations.get(registration);
        return known == null
                ? registrations.computeIfAbsent(registration, name -> new RegistrationMeters(meters, name))
                : known;
    }
}
