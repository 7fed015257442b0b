package dev.tokenkeep.refresh.timing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.settings.RateLimit;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds of every lifetime, margin and clock (CONFORMANCE E). */
class TimingPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long HOUR = 3_600_000L;
    private static final long TEN_YEARS = 315_360_000_000L;

    @Property(tries = 500)
    @Label("E: no answer makes a loop: the next refresh is a second away at least, and a reader waits as long")
    void noAnswerMakesALoop(
            @ForAll("lifetimes") Duration lifetime,
            @ForAll @LongRange(min = 0, max = 10_000) long onTheWay,
            @ForAll("timings") RefreshTiming timing,
            @ForAll String seed) {
        var schedule = timing.next(NOW, NOW.plus(lifetime).minusMillis(onTheWay), lifetime, seed);
        assertThat(schedule.dueAt()).isAfterOrEqualTo(NOW.plusSeconds(1));
        boolean insideItsMargin = schedule.dueAt().isAfter(NOW.plus(lifetime).minusMillis(onTheWay));
        if (insideItsMargin) {
            assertThat(schedule.notBefore()).isEqualTo(schedule.dueAt());
        }
    }

    @Property(tries = 500)
    @Label("E: a token that arrives with time left is refreshed before it expires")
    void isRefreshedBeforeItExpires(
            @ForAll @LongRange(min = 10_000, max = TEN_YEARS) long lifetimeMillis,
            @ForAll("timings") RefreshTiming timing,
            @ForAll String seed) {
        Duration lifetime = Duration.ofMillis(lifetimeMillis);
        Instant expiry = NOW.plus(lifetime);
        assertThat(timing.next(NOW, expiry, lifetime, seed).dueAt()).isBefore(expiry);
    }

    @Property(tries = 500)
    @Label("E: the margin is never more than its fraction of the lifetime, and no min_ttl gets beyond it")
    void noMinTtlGetsBeyondTheMargin(
            @ForAll("lifetimes") Duration lifetime,
            @ForAll("lifetimes") Duration asked,
            @ForAll @LongRange(min = 1, max = 3_600_000) long marginMillis,
            @ForAll @DoubleRange(min = 0.01, max = 0.8) double fraction) {
        var timing = new RefreshTiming(Duration.ofMillis(marginMillis), fraction);
        Duration margin = timing.margin(lifetime);
        assertThat(margin.toNanos()).isLessThanOrEqualTo((long) (lifetime.toNanos() * fraction) + 1);
        assertThat(margin).isLessThanOrEqualTo(Duration.ofMillis(marginMillis));
        assertThat(timing.effectiveMinTtl(asked, lifetime)).isLessThanOrEqualTo(margin);
    }

    @Property(tries = 500)
    @Label("D: a back-off is never nothing and never more than its cap, however many failures there were")
    void aBackOffStaysBelowItsCap(
            @ForAll @IntRange(min = 0) int failures,
            @ForAll @LongRange(min = 1_000, max = 600_000) long capMillis,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        Duration wait = new Backoff(Duration.ofMillis(capMillis), () -> random).after(failures);
        assertThat(wait).isBetween(Duration.ofMillis(100), Duration.ofMillis(capMillis));
    }

    @Property(tries = 500)
    @Label(
            "E: keeping alive ends: every refresh for it is at least ten seconds after the last, and before the refresh token dies")
    void keepingAliveEnds(@ForAll @LongRange(min = 1, max = TEN_YEARS) long lifetimeMillis, @ForAll String seed) {
        Instant dies = NOW.plusMillis(lifetimeMillis);
        Instant now = NOW;
        int refreshes = 0;
        for (Instant next = RefreshTiming.keepAlive(now, dies, null, seed);
                next != null;
                next = RefreshTiming.keepAlive(now, dies, null, seed)) {
            assertThat(next).isBetween(now.plusSeconds(10), dies);
            now = next;
            refreshes++;
        }
        assertThat(refreshes).isLessThan(40);
    }

    @Property(tries = 500)
    @Label("E: a budget never lets more through in a period than it says")
    void aBudgetKeepsItsRate(
            @ForAll @IntRange(min = 1, max = 100_000) int requests,
            @ForAll @LongRange(min = 1_000, max = 86_400_000) long perMillis) {
        var budget = RefreshTimeouts.budget(new RateLimit(requests, Duration.ofMillis(perMillis)));
        long micros = budget.spacing().toNanos() / 1000;
        // The burst at its beginning, and what the spacing lets through before its end.
        long inOnePeriod = budget.burst() + (perMillis * 1000 + micros - 1) / micros - 1;
        assertThat(inOnePeriod).isLessThanOrEqualTo(requests);
    }

    @Provide
    Arbitrary<Duration> lifetimes() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 5_000).map(Duration::ofMillis),
                Arbitraries.longs().between(0, 86_400).map(Duration::ofSeconds),
                Arbitraries.longs().between(0, TEN_YEARS).map(Duration::ofMillis));
    }

    @Provide
    Arbitrary<RefreshTiming> timings() {
        return Arbitraries.longs()
                .between(1, HOUR)
                .flatMap(margin -> Arbitraries.doubles()
                        .between(0.01, 0.8)
                        .map(fraction -> new RefreshTiming(Duration.ofMillis(margin), fraction)));
    }
}
