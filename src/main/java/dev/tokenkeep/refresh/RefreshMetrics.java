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
 * Counts what becomes of refreshes and reads. All of a registration's counters are there once it is used: a rate misses the
 * first event of a counter that begins with it. No label tells of a session, a subject or a token.
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

    /** A session's registration may not be configured any more. */
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
