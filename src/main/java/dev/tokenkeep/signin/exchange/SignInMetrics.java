package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.authorizationserver.RegistrationTags;
import dev.tokenkeep.signin.store.Authorization;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;

/** Counts sign-ins by what came of them, and measures how long users take. */
@Singleton
public class SignInMetrics {

    private static final Duration[] BUCKETS = {
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10)
    };

    private static final Map<Class<? extends SignInResult>, String> RESULTS = Map.of(
            SignInResult.Completed.class, "completed",
            SignInResult.NotOurs.class, "callback_refused",
            SignInResult.Denied.class, "denied",
            SignInResult.Over.class, "failed",
            SignInResult.Exchanging.class, "in_progress",
            SignInResult.Unavailable.class, "unavailable");

    private final MeterRegistry meters;
    private final RegistrationTags tags;

    SignInMetrics(MeterRegistry meters, RegistrationTags tags) {
        this.meters = meters;
        this.tags = tags;
    }

    public void begun(String registration) {
        count(registration, "begun");
    }

    /** Counts what came of a call. Measures how long the user took if the sign-in was completed by it. */
    public void ended(Authorization authorization, SignInResult result) {
        String registration = authorization.asked().registration();
        count(registration, RESULTS.getOrDefault(result.getClass(), "failed"));
        if (result instanceof SignInResult.Completed
                && !authorization.progress().isOver()) {
            Timer.builder("tokenkeep.sign.in")
                    .tag("registration", tags.of(registration))
                    .serviceLevelObjectives(BUCKETS)
                    .register(meters)
                    .record(authorization.age());
        }
    }

    private void count(String registration, String result) {
        meters.counter("tokenkeep.sign.ins", "registration", tags.of(registration), "result", result)
                .increment();
    }
}
