package dev.tokenkeep.registration;

import dev.tokenkeep.registration.EffectiveSetting.Source;
import dev.tokenkeep.settings.ConfigViolations;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** Tells operators what counts for a registration, and why: their own settings, its provider's, or the default. */
@Singleton
public class EffectiveSettings {

    /** These are secrets, or are often used for some. */
    private static final Set<String> HIDDEN = Set.of("client-secret", "proxy");

    private static final Set<String> HIDDEN_GROUPS = Set.of("headers.", "parameters.");
    private static final String GROUP = ".*";

    private final SmallRyeConfig config;
    private final Optional<String> ownProviders;

    EffectiveSettings(Config config, ProvidersConfig providers) {
        this.config = config.unwrap(SmallRyeConfig.class);
        this.ownProviders = providers.directory();
    }

    /** Returns the settings that have a value, by their keys. It reads the whole configuration. */
    public List<EffectiveSetting> of(String registration) {
        Presets presets = ownProviders
                .map(own -> Presets.with(Path.of(own), new ConfigViolations()))
                .orElseGet(Presets::ofTokenkeep);
        SmallRyeConfig built = new RegistrationSettings(config, presets).configuration(registration);
        String prefix = RegistrationSettings.property(registration, "");
        var settings = new TreeMap<String, EffectiveSetting>();
        keys(built, prefix).forEach(key -> {
            ConfigValue value = built.getConfigValue(prefix + key);
            if (value.getValue() != null && !value.getValue().isEmpty()) {
                settings.put(key, new EffectiveSetting(key, shown(key, value.getValue()), source(value)));
            }
        });
        return List.copyOf(settings.values());
    }

    /** Returns the keys of the mapping, with those of its groups that are set. */
    private static Stream<String> keys(SmallRyeConfig built, String prefix) {
        String each = RegistrationSettings.property("*", "");
        return ConfigClass.configClass(RegistrationsConfig.class, RegistrationSettings.PREFIX)
                .getProperties()
                .keySet()
                .stream()
                .filter(property -> property.startsWith(each))
                .map(property -> property.substring(each.length()))
                .flatMap(key -> key.endsWith(GROUP) ? ofGroup(built, prefix, key) : Stream.of(key));
    }

    private static Stream<String> ofGroup(SmallRyeConfig built, String prefix, String group) {
        String start = prefix + group.substring(0, group.length() - 1);
        return StreamSupport.stream(built.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(start))
                .map(name -> name.substring(prefix.length()));
    }

    private static @Nullable String shown(String key, String value) {
        boolean hidden = HIDDEN.contains(key) || HIDDEN_GROUPS.stream().anyMatch(key::startsWith);
        return hidden ? null : withoutQuery(value);
    }

    /** A query may have a key of an API. */
    private static String withoutQuery(String value) {
        int query = value.indexOf('?');
        boolean address = value.startsWith("https://") || value.startsWith("http://");
        return address && query > 0 ? value.substring(0, query) + "?…" : value;
    }

    private static Source source(ConfigValue value) {
        String name = String.valueOf(value.getConfigSourceName());
        if (name.contains(RegistrationSettings.BY_PROVIDERS)) {
            return Source.PROVIDER;
        }
        return name.contains(RegistrationSettings.BY_OPERATOR) || name.startsWith("EnvConfigSource")
                ? Source.CONFIGURATION
                : Source.DEFAULT;
    }
}
