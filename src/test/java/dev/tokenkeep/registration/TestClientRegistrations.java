package dev.tokenkeep.registration;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Client registrations as their configuration makes them. */
public final class TestClientRegistrations {

    private TestClientRegistrations() {}

    /** A confidential client named {@code test}, with these settings besides. */
    public static ClientRegistration with(Map<String, String> settings) {
        return named("test", settings);
    }

    /** A confidential client of this name. */
    public static ClientRegistration named(String name, Map<String, String> settings) {
        var properties = new HashMap<String, String>();
        var all = new HashMap<>(Map.of(
                "token-endpoint", "https://as.example/token", "client-id", "client-1", "client-secret", "geheim"));
        all.putAll(settings);
        all.forEach((key, value) -> properties.put("tokenkeep.registrations." + name + "." + key, value));
        return new ConfiguredRegistrations(() -> 0)
                .registrations(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(properties, "test", 100))
                        .build())
                .find(name)
                .orElseThrow();
    }
}
