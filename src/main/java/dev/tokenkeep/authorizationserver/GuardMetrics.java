package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.authorizationserver.RegistrationGuard.Breaker;
import dev.tokenkeep.registration.ClientRegistration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** Publishes each registration's permits and breaker in this process, once it is used. */
@Singleton
class GuardMetrics {

    private static final String PERMITS = "tokenkeep.permits";

    private final MeterRegistry meters;
    private final RegistrationTags tags;
    /** Guards that have the same name in the metrics are added up. */
    private final Map<String, List<RegistrationGuard>> guards = new ConcurrentHashMap<>();

    GuardMetrics(MeterRegistry meters, RegistrationTags tags) {
        this.meters = meters;
        this.tags = tags;
    }

    /** The library has a dozen meters for each breaker, so thousands of registrations would have ten thousands. */
    @Produces
    @Singleton
    static MeterFilter withoutThoseOfTheLibrary() {
        return MeterFilter.deny(
                id -> id.getName().startsWith("ft.") && SessionBreaker.DESCRIPTION.equals(id.getTag("method")));
    }

    void show(ClientRegistration registration, RegistrationGuard guard) {
        String tag = tags.of(registration.name());
        guards.computeIfAbsent(tag, this::shown).add(guard);
    }

    private List<RegistrationGuard> shown(String tag) {
        var shared = new CopyOnWriteArrayList<RegistrationGuard>();
        gauge(PERMITS, tag, "free", shared, RegistrationGuard::available);
        gauge(PERMITS, tag, "in_use", shared, RegistrationGuard::inUse);
        for (Breaker breaker : Breaker.values()) {
            String state = breaker.name().toLowerCase(Locale.ROOT);
            gauge("tokenkeep.breaker", tag, state, shared, guard -> guard.breaker() == breaker ? 1 : 0);
        }
        return shared;
    }

    private void gauge(
            String name,
            String registration,
            String state,
            List<RegistrationGuard> shared,
            ToIntFunction<RegistrationGuard> value) {
        Gauge.builder(name, shared, all -> all.stream().mapToInt(value).sum())
                .tags(Tags.of("registration", registration, "state", state))
                .register(meters);
    }
}
