package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures how long token requests take, from their first byte to the complete response, or until they are given up.
 */
@Singleton
class TokenRequestMetrics {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(4),
        Duration.ofSeconds(8)
    };

    private final MeterRegistry meters;
    private final RegistrationTags tags;
    private final Ticker ticker;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    TokenRequestMetrics(MeterRegistry meters, RegistrationTags tags, Ticker ticker) {
        this.meters = meters;
        this.tags = tags;
        this.ticker = ticker;
    }

    /**
     * Records the duration of a request. One that was not sent is not recorded, because it took none of the server's
     * time.
     */
    void over(ClientRegistration registration, HttpResult answer) {
        if (!(answer instanceof HttpResult.NotSent)) {
            timer(registration).record(Duration.ofNanos(ticker.nanos() - answer.startedNanos()));
        }
    }

    private Timer timer(ClientRegistration registration) {
        return timers.computeIfAbsent(
                tags.of(registration.name()),
                name -> Timer.builder("tokenkeep.token.request")
                        .tag("registration", name)
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters));
    }
}
