package dev.tokenkeep.refresh.timing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefreshConfigCheckTest {

    @Test
    void theDefaultsGoTogether() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
    }

    @Test
    void reportsEveryViolationAtOnceByItsKey() {
        assertThatThrownBy(() -> check(Map.of(
                        "every", "500ms",
                        "lease", "PT1S",
                        "timeout", "PT61S",
                        "margin", "PT0S",
                        "margin-fraction", "1.5",
                        "batch", "0",
                        "skip-unread-after", "PT0S",
                        "pause", "PT-1S")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.refresh.every: must be a time from 1s to 3600s")
                .hasMessageContaining("tokenkeep.refresh.lease: ")
                .hasMessageContaining("tokenkeep.refresh.timeout: ")
                .hasMessageContaining("tokenkeep.refresh.margin: ")
                .hasMessageContaining("tokenkeep.refresh.margin-fraction: ")
                .hasMessageContaining("tokenkeep.refresh.batch: ")
                .hasMessageContaining("tokenkeep.refresh.skip-unread-after: ")
                .hasMessageContaining("tokenkeep.refresh.pause: ");
    }

    @Test
    void refusesAHardCapThatIsLongerThanReplacedClientsAreKept() {
        assertThatThrownBy(() -> check(Map.of("hard-cap", "PT31M")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.refresh.hard-cap: must be at most 30 minutes");
    }

    private static void check(Map<String, String> settings) {
        RefreshConfig refresh = TestRefreshConfig.with(settings);
        new RefreshConfigCheck(refresh, TestClientRegistrations.fixed(Map.of()), new RefreshTimeouts(refresh))
                .violations()
                .throwIfAny();
    }
}
