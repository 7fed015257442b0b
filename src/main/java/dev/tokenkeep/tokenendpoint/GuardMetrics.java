package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.tokenendpoint.RegistrationGuard.Breaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Each registration's permits and breaker in this process. */
@Singleton
class GuardMetrics {

    private final MeterRegistry meters;

    GuardMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void begin(@Observes StartupEvent start, ClientRegistrations registrations, RegistrationGuards guards) {
        registrations.all().forEach(registration -> show(registration, guards.of(registration)));
    }

    void show(ClientRegistration registration, RegistrationGuard guard) {
        int most = registration.maxConcurrency();
        gauge("tokenkeep.permits", registration, "free", guard, RegistrationGuard::available);
        gauge("tokenkeep.permits", registration, "in_use", guard, it -> most - it.available());
        for (Breaker breaker : Breaker.values()) {
            gauge(
                    "tokenkeep.breaker",
                    registration,
                    breaker.name().toLowerCase(Locale.ROOT),
                    guard,
                    it -> it.breaker() == breaker ? 1 : 0);
        }
    }

    private void gauge(
            String name,
            ClientRegistration registration,
            String state,
            RegistrationGuard guard,
            ToDoubleFunction<RegistrationGuard> value) {
        Gauge.builder(name, guard, value)
                .tags(Tags.of("registration", registration.name(), "state", state))
                .register(meters);
    }
}
