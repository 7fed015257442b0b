package dev.tokenkeep.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.SessionStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatusCountsTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final AtomicInteger counted = new AtomicInteger();
    private Duration takes = Duration.ZERO;
    private boolean failing;
    private final StatusCounts counts = new StatusCounts(this::count, nanos::get);

    private Map<String, Map<SessionStatus, Long>> count() {
        nanos.addAndGet(takes.toNanos());
        if (failing) {
            throw new IllegalStateException("away");
        }
        return Map.of("r", Map.of(SessionStatus.ACTIVE, (long) counted.incrementAndGet()));
    }

    private void later(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void countsOnceAMinute() {
        assertThat(counts.recent()).containsEntry("r", Map.of(SessionStatus.ACTIVE, 1L));
        later(Duration.ofSeconds(59));
        assertThat(counts.recent()).containsEntry("r", Map.of(SessionStatus.ACTIVE, 1L));
        later(Duration.ofSeconds(1));
        assertThat(counts.recent()).containsEntry("r", Map.of(SessionStatus.ACTIVE, 2L));
    }

    @Test
    void takesAHundredthOfTheTimeWhereACountTakesLong() {
        takes = Duration.ofSeconds(3);
        counts.recent();
        later(Duration.ofSeconds(290));
        counts.recent();
        assertThat(counted).hasValue(1);
        later(Duration.ofSeconds(10));
        counts.recent();
        assertThat(counted).hasValue(2);
    }

    @Test
    void doesNotTryACountThatFailsAgainAtOnce() {
        failing = true;
        assertThatThrownBy(counts::recent).hasMessage("away");
        failing = false;
        assertThat(counts.recent()).isEmpty();
        later(Duration.ofMinutes(1));
        assertThat(counts.recent()).containsKey("r");
    }
}
