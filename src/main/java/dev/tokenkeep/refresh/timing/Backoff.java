package dev.tokenkeep.refresh.timing;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Capped exponential back-off with full jitter. */
@Singleton
public class Backoff {

    private static final Duration BASE = Duration.ofSeconds(1);
    private static final Duration MIN_DELAY = Duration.ofMillis(100);

    private final Duration max;
    private final DoubleSupplier random;

    @Inject
    Backoff(RefreshConfig config) {
        this(config.backoffMax(), () -> ThreadLocalRandom.current().nextDouble());
    }

    Backoff(Duration max, DoubleSupplier random) {
        this.max = max;
        this.random = random;
    }

    /** Returns the wait after {@code failures} earlier failures in a row and this one. */
    public Duration after(int failures) {
        double ceiling = Math.min((double) max.toMillis(), BASE.toMillis() * Math.pow(2, failures));
        return Duration.ofMillis(Math.max(MIN_DELAY.toMillis(), (long) (ceiling * random.getAsDouble())));
    }
}
