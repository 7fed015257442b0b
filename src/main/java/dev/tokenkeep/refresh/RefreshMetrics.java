package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what becomes of refreshes. No label tells of a session, a subject or a token. */
@Singleton
class RefreshMetrics {

    private static final String REGISTRATION = "registration";

    private final MeterRegistry meters;

    RefreshMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void idTokenChecked(ClientRegistration registration, String result) {
        meters.counter("tokenkeep.id.token.checks", REGISTRATION, registration.name(), "result", result)
                .increment();
    }

    void quarantined(ClientRegistration registration) {
        meters.counter("tokenkeep.sessions.quarantined", REGISTRATION, registration.name())
                .increment();
    }
}
