package dev.tokenkeep.refresh.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefreshTimingTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final RefreshTiming timing = new RefreshTiming(Duration.ofMinutes(5), 0.25);

    @Test
    void takesTheShorterOfFixedMarginAndFractionOfTheLifetime() {
        assertThat(timing.margin(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(5));
        assertThat(timing.margin(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void capsTheAskedMinTtlByTheMargin() {
        assertThat(timing.effectiveMinTtl(Duration.ofHours(2), Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofSeconds(15));
        assertThat(timing.effectiveMinTtl(Duration.ofSeconds(3), Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(timing.effectiveMinTtl(Duration.ofDays(1), Duration.ZERO)).isZero();
    }

    @Test
    void refreshesWithinTheMarginAndItsJitterBeforeExpiry() {
        Instant expiry = NOW.plus(Duration.ofHours(1));
        for (int i = 0; i < 1000; i++) {
            var schedule = timing.next(NOW, expiry, Duration.ofHours(1), "session-" + i);
            assertThat(schedule.dueAt())
                    .isBetween(expiry.minus(Duration.ofMinutes(6)), expiry.minus(Duration.ofMinutes(5)));
            assertThat(schedule.notBefore()).isNull();
        }
    }

    @Test
    void spreadsEqualExpiriesEvenly() {
        Instant expiry = NOW.plus(Duration.ofHours(1));
        int[] perTenth = new int[10];
        IntStream.range(0, 10_000)
                .mapToObj(i -> timing.next(NOW, expiry, Duration.ofHours(1), "session-" + i)
                        .dueAt())
                .mapToLong(due -> Duration.between(due, expiry.minus(Duration.ofMinutes(5)))
                        .toMillis())
                .forEach(early -> perTenth[(int) Math.min(9, early / 6000)]++);
        for (int count : perTenth) {
            assertThat(count).isBetween(800, 1200);
        }
    }

    @Test
    void backsOffFromATokenThatArrivesInsideItsMarginOrDead() {
        for (long seconds : new long[] {-5, 0, 1}) {
            Duration lifetime = Duration.ofSeconds(Math.max(0, seconds));
            var schedule = timing.next(NOW, NOW.plusSeconds(seconds), lifetime, "any");
            assertThat(schedule.dueAt()).isEqualTo(NOW.plusSeconds(5));
            assertThat(schedule.notBefore()).isEqualTo(schedule.dueAt());
        }
    }

    @Test
    void noAnswerMakesALoop() {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            Duration lifetime = Duration.ofMillis(Math.abs(random.nextLong()) % (1L << random.nextInt(1, 48)));
            Duration onTheWay = Duration.ofMillis(random.nextInt(6000));
            Instant expiry = NOW.plus(lifetime).minus(onTheWay);
            var schedule = timing.next(NOW, expiry, lifetime, "session-" + i);
            assertThat(schedule.dueAt()).isAfterOrEqualTo(NOW.plusSeconds(1));
        }
    }
}
