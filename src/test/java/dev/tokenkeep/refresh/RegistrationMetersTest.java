package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.RefreshOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RegistrationMetersTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RegistrationMeters registration = new RegistrationMeters(meters, "r");

    @Test
    void namesOfOutcomesStay() {
        assertThat(Arrays.stream(RefreshOutcome.values()).map(RefreshOutcome::label))
                .containsExactly(
                        "stored",
                        "unproven",
                        "quarantined",
                        "superseded",
                        "orphaned",
                        "reauthentication_required",
                        "access_token_expired",
                        "user_action_required",
                        "backed_off",
                        "target_refused",
                        "paused",
                        "unknown",
                        "not_sent");
        assertThat(RefreshOutcome.of(SessionStatus.USER_ACTION_REQUIRED, "consent_required"))
                .isEqualTo(RefreshOutcome.USER_ACTION_REQUIRED);
    }

    @Test
    void everyOutcomeIsThereBeforeItHappens() {
        for (RefreshOutcome conclusion : RefreshOutcome.values()) {
            assertThat(count("tokenkeep.refreshes", "outcome", conclusion.label()))
                    .isZero();
            registration.concluded(conclusion);
            assertThat(count("tokenkeep.refreshes", "outcome", conclusion.label()))
                    .isEqualTo(1);
        }
    }

    private double count(String name, String tag, String value) {
        return meters.get(name).tags("registration", "r", tag, value).counter().count();
    }

    @Test
    void tellsWhatWasInTimeFromWhatWasLate() {
        registration.storedWith(Duration.ofSeconds(90));
        registration.storedWith(Duration.ZERO);
        registration.storedWith(Duration.ofSeconds(-7));
        var ahead = meters.get("tokenkeep.refresh.ahead").timer();
        var late = meters.get("tokenkeep.refresh.late").timer();
        assertThat(ahead.count()).isEqualTo(2);
        assertThat(late.count()).isEqualTo(1);
        assertThat(late.totalTime(TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void refusesAResultThatIsNotAmongThoseOfTheMetric() {
        RegistrationMeters.ID_TOKEN_RESULTS.forEach(registration::idTokenChecked);
        assertThatThrownBy(() -> registration.idTokenChecked("else")).hasMessageContaining("else");
    }
}
