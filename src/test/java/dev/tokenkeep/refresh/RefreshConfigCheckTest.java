package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.ClientRegistrations;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
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
                        "tokenkeep.refresh.lease", "PT6S",
                        "tokenkeep.refresh.timeout", "PT9S",
                        "tokenkeep.refresh.margin", "PT0S",
                        "tokenkeep.refresh.margin-fraction", "1.5",
                        "tokenkeep.refresh.batch", "0",
                        "tokenkeep.refresh.pause", "PT-1S")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.refresh.lease: ")
                .hasMessageContaining("tokenkeep.refresh.timeout: ")
                .hasMessageContaining("tokenkeep.refresh.margin: ")
                .hasMessageContaining("tokenkeep.refresh.margin-fraction: ")
                .hasMessageContaining("tokenkeep.refresh.batch: ")
                .hasMessageContaining("tokenkeep.refresh.pause: ");
    }

    private static void check(Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "tokenkeep.refresh.every", "1s",
                "tokenkeep.refresh.margin", "PT5M",
                "tokenkeep.refresh.lease", "PT8S",
                "tokenkeep.refresh.timeout", "PT4S",
                "tokenkeep.refresh.hard-cap", "PT5S",
                "tokenkeep.refresh.backoff-max", "PT1M",
                "tokenkeep.refresh.pause", "PT5M"));
        all.putAll(settings);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(RefreshConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        RefreshConfig refresh = config.getConfigMapping(RefreshConfig.class);
        new RefreshConfigCheck(refresh, new ClientRegistrations(Map.of()), new RefreshLimits(refresh))
                .violations()
                .throwIfAny();
    }
}
