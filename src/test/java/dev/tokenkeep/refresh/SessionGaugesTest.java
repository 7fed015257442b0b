package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.refresh.SessionGauges.Seen;
import dev.tokenkeep.session.SessionStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionGaugesTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SessionGauges gauges = new SessionGauges(meters);

    private Double value(String name, String... tags) {
        Gauge gauge = meters.find(name).tags(tags).gauge();
        return gauge == null ? null : gauge.value();
    }

    @Test
    void showsEachConfiguredRegistrationAndWhateverElseHasSessions() {
        gauges.show(
                List.of(new Seen("new", 2, Duration.ofMillis(1500), Duration.ofMinutes(1), 7)),
                Map.of("gone", Map.of(SessionStatus.ACTIVE, 5L)));
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
    }

    @Test
    void showsNoBudgetWithoutARateLimitAndNothingWhereAnotherReplicaTells() {
        gauges.show(List.of(new Seen("r", 0, Duration.ZERO, Duration.ZERO, null)), Map.of());
        assertThat(value("tokenkeep.rate.budget.remaining", "registration", "r"))
                .isNull();
        assertThat(value("tokenkeep.sessions.due", "registration", "r")).isZero();
        gauges.show(List.of(), Map.of());
        assertThat(meters.getMeters()).isEmpty();
    }
}
