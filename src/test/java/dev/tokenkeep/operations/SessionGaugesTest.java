package dev.tokenkeep.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.operations.SessionGauges.Seen;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionGaugesTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SessionGauges gauges = new SessionGauges(meters, 3, "used"::equals);

    private Double value(String name, String... tags) {
        Gauge gauge = meters.find(name).tags(tags).gauge();
        return gauge == null ? null : gauge.value();
    }

    @Test
    void showsEachRegistrationThatIsUsedAndWhateverElseHasSessions() {
        gauges.show(
                List.of(
                        new Seen("new", 2, Duration.ofMillis(1500), Duration.ofMinutes(1), 7),
                        new Seen("used", 0, Duration.ZERO, Duration.ZERO, null),
                        new Seen("unused", 0, Duration.ZERO, Duration.ZERO, 9)),
                Map.of("gone", Map.of(SessionStatus.ACTIVE, 5L)));
        assertThat(value("tokenkeep.rate.budget.remaining", "registration", "unused"))
                .isNull();
        assertThat(value("tokenkeep.sessions", "registration", "gone", "status", "active"))
                .isEqualTo(5);
        assertThat(value("tokenkeep.sessions", "registration", "new", "status", "quarantined"))
                .isZero();
        assertThat(value("tokenkeep.sessions.due", "registration", "new")).isEqualTo(2);
        assertThat(value("tokenkeep.sessions.due.age", "registration", "new")).isEqualTo(1.5);
        assertThat(value("tokenkeep.pause.remaining", "registration", "new")).isEqualTo(60);
        assertThat(value("tokenkeep.rate.budget.remaining", "registration", "new"))
                .isEqualTo(7);
        assertThat(value("tokenkeep.sessions.due", "registration", "gone")).isNull();
        assertThat(value("tokenkeep.sessions.due", "registration", "used")).isZero();
    }

    @Test
    void addsUpTheCustomersOfATemplate() {
        gauges.show(
                List.of(
                        new Seen("support", 2, Duration.ofSeconds(1), Duration.ZERO, 7),
                        new Seen("support", 3, Duration.ofSeconds(4), Duration.ofMinutes(1), 5)),
                Map.of(
                        "support~acme", Map.of(SessionStatus.ACTIVE, 5L),
                        "support~beta", Map.of(SessionStatus.ACTIVE, 2L)));
        assertThat(value("tokenkeep.sessions", "registration", "support", "status", "active"))
                .isEqualTo(7);
        assertThat(value("tokenkeep.sessions.due", "registration", "support")).isEqualTo(5);
        assertThat(value("tokenkeep.sessions.due.age", "registration", "support"))
                .isEqualTo(4);
        assertThat(value("tokenkeep.pause.remaining", "registration", "support"))
                .isEqualTo(60);
        assertThat(value("tokenkeep.rate.budget.remaining", "registration", "support"))
                .isEqualTo(5);
        assertThat(meters.getMeters())
                .noneMatch(meter ->
                        String.valueOf(meter.getId().getTag("registration")).contains("~"));
    }

    @Test
    void addsUpAllButThoseWithTheMostSessions() {
        new SessionGauges(meters, 2, name -> false)
                .show(
                        List.of(
                                new Seen("large", 1, Duration.ZERO, Duration.ZERO, null),
                                new Seen("small", 2, Duration.ofSeconds(3), Duration.ZERO, 7),
                                new Seen("smaller", 3, Duration.ofSeconds(1), Duration.ofMinutes(2), 5)),
                        Map.of(
                                "large", Map.of(SessionStatus.ACTIVE, 9L),
                                "middle", Map.of(SessionStatus.ACTIVE, 5L),
                                "small", Map.of(SessionStatus.ACTIVE, 2L, SessionStatus.QUARANTINED, 1L),
                                "smaller", Map.of(SessionStatus.ACTIVE, 1L)));
        assertThat(value("tokenkeep.sessions", "registration", "large", "status", "active"))
                .isEqualTo(9);
        assertThat(value("tokenkeep.sessions", "registration", "(other)", "status", "active"))
                .isEqualTo(3);
        assertThat(value("tokenkeep.sessions", "registration", "(other)", "status", "quarantined"))
                .isEqualTo(1);
        assertThat(value("tokenkeep.sessions.due", "registration", "(other)")).isEqualTo(5);
        assertThat(value("tokenkeep.sessions.due.age", "registration", "(other)"))
                .isEqualTo(3);
        assertThat(value("tokenkeep.pause.remaining", "registration", "(other)"))
                .isEqualTo(120);
        assertThat(value("tokenkeep.rate.budget.remaining", "registration", "(other)"))
                .isEqualTo(5);
        assertThat(value("tokenkeep.sessions", "registration", "small", "status", "active"))
                .isNull();
    }

    @Test
    void showsNoBudgetWithoutARateLimitAndNothingWhereAnotherReplicaTells() {
        gauges.show(
                List.of(new Seen("r", 0, Duration.ZERO, Duration.ZERO, null)),
                Map.of("r", Map.of(SessionStatus.ACTIVE, 1L)));
        assertThat(value("tokenkeep.rate.budget.remaining", "registration", "r"))
                .isNull();
        assertThat(value("tokenkeep.sessions.due", "registration", "r")).isZero();
        gauges.show(List.of(), Map.of());
        assertThat(meters.getMeters()).isEmpty();
    }
}
