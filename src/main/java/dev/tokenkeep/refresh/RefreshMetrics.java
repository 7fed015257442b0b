package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.RegistrationTags;
import dev.tokenkeep.registration.ClientRegistration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the results of refreshes and token reads. Creates all counters of a registration when it is first used,
 * because a rate misses the event that creates a counter. No label names a session, a subject or a token.
 */
@Singleton
public class RefreshMetrics {

    private final MeterRegistry meters;
    private final RegistrationTags tags;
    private final Map<String, RegistrationMeters> registrations = new ConcurrentHashMap<>();

    RefreshMetrics(MeterRegistry meters, RegistrationTags tags) {
        this.meters = meters;
        this.tags = tags;
    }

    void begin(@Observes StartupEvent start, PendingWrites pending) {
        Gauge.builder("tokenkeep.answers.held", pending, PendingWrites::count)
                .strongReference(true)
                .register(meters);
    }

    public RegistrationMeters of(ClientRegistration registration) {
        return of(registration.name());
    }

    /** Returns the meters of a registration by its name. The registration of a session may no longer be configured. */
    public RegistrationMeters of(String registration) {
        RegistrationMeters known = registrations.get(registration);
        return known == null ? made(registration) : known;
    }

    private RegistrationMeters made(String registration) {
        String tag = tags.of(registration);
        RegistrationMeters shared = registrations.computeIfAbsent(tag, name -> new RegistrationMeters(meters, name));
        registrations.put(registration, shared);
        return shared;
    }
}
