package dev.tokenkeep.registration.settings;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.settings.Replaceable;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Client registrations as their configuration makes them. */
public final class TestClientRegistrations {

    private TestClientRegistrations() {}

    /** Those that never change. */
    public static ClientRegistrations fixed(Map<String, ClientRegistration> byName) {
        return fixed(byName, Map.of());
    }

    /** Those that never change, some under former names. */
    public static ClientRegistrations fixed(
            Map<String, ClientRegistration> byName, Map<String, String> presentByFormer) {
        return new ClientRegistrations(
                byName.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                one -> new Replaceable<>(
                                        one.getKey(), one.getValue(), List.of(), violations -> null, () -> 0))),
                Map.of(),
                presentByFormer);
    }

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
        // A client without a secret says so by an empty one.
        all.values().removeIf(String::isEmpty);
        all.forEach((key, value) -> properties.put("tokenkeep.registrations." + name + "." + key, value));
        return new ConfiguredRegistrations(() -> 0, ClientKeys.ofDirectories(Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        Optional.empty())
                .find(name)
                .orElseThrow();
    }
}
