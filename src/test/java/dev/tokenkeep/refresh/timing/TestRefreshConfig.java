package dev.tokenkeep.refresh.timing;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** {@code tokenkeep.refresh} as its configuration makes it; times in ISO 8601. */
final class TestRefreshConfig {

    private TestRefreshConfig() {}

    static RefreshConfig with(Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "every", "1s",
                "margin", "PT5M",
                "lease", "PT8S",
                "timeout", "PT4S",
                "hard-cap", "PT60S",
                "backoff-max", "PT1M",
                "pause", "PT5M"));
        all.putAll(settings);
        var properties = new HashMap<String, String>();
        all.forEach((key, value) -> properties.put("tokenkeep.refresh." + key, value));
        return new SmallRyeConfigBuilder()
                .withMapping(RefreshConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(RefreshConfig.class);
    }
}
