package dev.tokenkeep.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The promise, put to the test: three replicas under kills, stops, failing commits and a rude authorization server. The
 * seed is printed, and can be given as {@code tokenkeep.harness.seed}.
 */
@Tag("alone")
class NeverLosesASessionIT {

    private final long seed = Long.getLong("tokenkeep.harness.seed", System.currentTimeMillis());

    @Test
    @DisplayName("A12, F1-F5, D: without faults no refresh token is spent twice, under any rotation, by three replicas;"
            + " and no fault loses a session that the authorization server would let live")
    void noFaultLosesASessionThatCouldBeKept() {
        System.out.println("Seed " + seed);
        try (var harness = new Harness(Form.ofSystemProperty(), seed)) {
            spentNoRefreshTokenTwice(shown(harness.withoutFaults()));
            lostNoSessionThatCouldBeKept(shown(harness.withFaults()));
        }
    }

    private static Report shown(Report report) {
        System.out.println(report.table());
        return report;
    }

    private static void spentNoRefreshTokenTwice(Report report) {
        assertThat(report.expired()).as("expired tokens served").isZero();
        assertThat(report.withheld()).as("good tokens withheld").isZero();
        assertThat(report.verdicts()).allSatisfy(verdict -> {
            assertThat(verdict.spentTwice()).as("spent twice").isZero();
            assertThat(verdict.forks()).as("forked chains").isZero();
            assertThat(verdict.ended()).as("lost").isZero();
        });
    }

    private static void lostNoSessionThatCouldBeKept(Report report) {
        assertThat(report.expired()).as("expired tokens served").isZero();
        assertThat(report.withheld()).as("good tokens withheld").isZero();
        assertThat(report.takeovers().percentile(99)).as("takeover p99").isLessThan(Duration.ofSeconds(20));
        assertThat(report.verdicts()).allSatisfy(verdict -> {
            assertThat(verdict.forks()).as("forked chains").isZero();
            assertThat(verdict.falselyEnded()).as("falsely ended").isZero();
            assertThat(verdict.unexplained()).as("lost for no reason").isEmpty();
        });
        assertThat(report.verdicts())
                .filteredOn(verdict -> verdict.mode().forgiving())
                .allSatisfy(verdict -> {
                    assertThat(verdict.ended()).as("lost").isZero();
                    assertThat(verdict.familiesRevoked()).as("families revoked").isZero();
                });
    }
}
