package dev.tokenkeep.caller;

import dev.tokenkeep.settings.RateLimit;
import dev.tokenkeep.time.Ticker;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Limits the concurrent calls and the call rate of each caller in this process. A caller over a limit is told to wait,
 * and the other callers are not affected.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class CallLimits {

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private record Limits(Semaphore atOnce, @Nullable Bucket bucket) {}

    /** Whether a call may proceed. */
    public sealed interface Admission {

        /** It may; {@code end} must be called once the call is over. Only the first time counts. */
        record Admitted(Runnable end) implements Admission {}

        /** It may not; the caller may try again after {@code retryAfter}. */
        record TooMany(Duration retryAfter) implements Admission {}
    }

    private final Map<String, Limits> byCaller = new ConcurrentHashMap<>();
    private final Ticker ticker;

    CallLimits(Ticker ticker) {
        this.ticker = ticker;
    }

    public Admission admit(Caller caller) {
        Limits limits = byCaller.computeIfAbsent(caller.name(), name -> limits(caller));
        if (!limits.atOnce().tryAcquire()) {
            return new Admission.TooMany(DEFAULT_RETRY_AFTER);
        }
        Optional<Duration> wait = spent(limits.bucket());
        if (wait.isPresent()) {
            limits.atOnce().release();
            return new Admission.TooMany(wait.get());
        }
        var ended = new AtomicBoolean();
        return new Admission.Admitted(() -> {
            if (ended.compareAndSet(false, true)) {
                limits.atOnce().release();
            }
        });
    }

    private static Optional<Duration> spent(@Nullable Bucket bucket) {
        if (bucket == null) {
            return Optional.empty();
        }
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private Limits limits(Caller caller) {
        RateLimit rate = caller.rateLimit();
        return new Limits(new Semaphore(caller.maxConcurrency()), rate == null ? null : bucket(rate));
    }

    private Bucket bucket(RateLimit rate) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(rate.requests())
                        .refillGreedy(rate.requests(), rate.per())
                        .build())
                .withCustomTimePrecision(new MonotonicTime(ticker))
                .build();
    }

    private record MonotonicTime(Ticker ticker) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return ticker.nanos();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
