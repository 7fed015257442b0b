package dev.tokenkeep.degradation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.degradation.DegradationRun.Report;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Degraded authorization servers, all at once. The seed is printed, and can be given as {@code tokenkeep.harness.seed}. */
@Tag("alone")
class DegradationIT {

    private final long seed = Long.getLong("tokenkeep.harness.seed", System.currentTimeMillis());

    @Test
    @DisplayName("L1-L6, D, F2: slow, rude and limited servers lose no session that could be kept, and starve nobody")
    void degradedServersLoseNothingAndStarveNobody() throws IOException {
        System.out.println("Seed " + seed);
        Report report;
        try (var run = new DegradationRun(Extent.ofSystemProperty(), seed)) {
            report = run.run();
        }
        System.out.println(report.table());
        assertThat(report.outcomes()).allSatisfy(outcome -> {
            String name = outcome.scenario().registration;
            assertThat(outcome.falselyEnded()).as("%s: falsely ended", name).isEmpty();
            assertThat(report.reads().get(name).expired)
                    .as("%s: expired tokens served", name)
                    .hasValue(0);
            assertThat(report.reads().get(name).withheld)
                    .as("%s: good tokens withheld", name)
                    .hasValue(0);
            if (outcome.scenario().canLoseNothing()) {
                assertThat(outcome.lost()).as("%s: lost", name).isZero();
            }
            if (outcome.scenario().degradation.sparesGoodSessions()) {
                assertThat(outcome.fewestRefreshes())
                        .as("%s: refreshes of each good session", name)
                        .isPositive();
                outcome.fewestTries()
                        .ifPresent(tries -> assertThat(tries)
                                .as("%s: tries of each bad session", name)
                                .isPositive());
            }
        });
        assertThat(report.takeovers())
                .as("takeovers")
                .isNotEmpty()
                .allSatisfy(time -> assertThat(time).isLessThan(Duration.ofSeconds(20)));
        assertThat(report.late())
                .as("healthy registrations' sessions that are late")
                .isEmpty();
    }
}
