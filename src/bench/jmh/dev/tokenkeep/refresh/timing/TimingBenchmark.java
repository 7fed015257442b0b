package dev.tokenkeep.refresh.timing;

import java.time.Duration;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** When a session is refreshed next. */
@State(Scope.Benchmark)
public class TimingBenchmark {

    private final RefreshTiming timing = new RefreshTiming(Duration.ofMinutes(5), 0.3);
    private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Duration lifetime = Duration.ofHours(1);
    private final Instant expiresAt = now.plus(lifetime);
    private final Instant refreshTokenExpiresAt = now.plus(Duration.ofDays(30));
    private final String id = "wPzvS7RcGcJmBk0bqkKbpVw3nWkmW3oS0mB0rB3B3xE";

    @Benchmark
    public Object next() {
        return timing.next(now, expiresAt, lifetime, id);
    }

    @Benchmark
    public Object effectiveMinTtl() {
        return timing.effectiveMinTtl(Duration.ofMinutes(10), lifetime);
    }

    @Benchmark
    public Object keepAlive() {
        return RefreshTiming.keepAlive(now, refreshTokenExpiresAt, null, id);
    }
}
