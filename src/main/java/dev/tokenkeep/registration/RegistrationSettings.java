package dev.tokenkeep.registration;

import dev.tokenkeep.registration.RegistrationsConfig.Registration;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.NameIterator;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/**
 * Reads the settings of all registrations, a group at a time. A mapping goes through all property names for each of its
 * entries: one mapping of five thousand registrations would take ten seconds.
 */
final class RegistrationSettings {

    private static final Logger LOG = Logger.getLogger(RegistrationSettings.class);
    static final String PREFIX = "tokenkeep.registrations";
    /** The names of the sources. */
    static final String BY_OPERATOR = "registration-properties";

    static final String BY_PROVIDERS = "registration-providers";

    private static final String DOTTED = PREFIX + ".";
    private static final String ENVIRONMENT = "TOKENKEEP_REGISTRATIONS_";
    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");
    private static final int TOGETHER = 50;
    private static final String ROTATION = "rotation";
    private static final String LEEWAY = "rotation-leeway";

    private final SmallRyeConfig config;
    private final Presets presets;

    RegistrationSettings(SmallRyeConfig config, Presets presets) {
        this.config = config;
        this.presets = presets;
    }

    /** Returns the settings of each registration by its name. */
    Map<String, Registration> read() {
        Map<String, Map<String, String>> properties = properties();
        Map<String, Map<String, String>> environment = environment(properties.keySet());
        var registrations = new TreeMap<String, Registration>();
        // Registrations that only the environment configures.
        registrations.putAll(mapped(Map.of(), environment.getOrDefault("", Map.of())));
        List<String> names = new ArrayList<>(properties.keySet());
        for (int from = 0; from < names.size(); from += TOGETHER) {
            var some = new HashMap<String, String>();
            var besides = new HashMap<String, String>();
            names.subList(from, Math.min(names.size(), from + TOGETHER)).forEach(name -> {
                some.putAll(properties.get(name));
                besides.putAll(environment.getOrDefault(name, Map.of()));
            });
            registrations.putAll(mapped(some, besides));
        }
        return registrations;
    }

    /** Returns the configuration that has the settings of this registration, and maybe those of others. */
    SmallRyeConfig configuration(String registration) {
        Map<String, Map<String, String>> properties = properties();
        Map<String, String> own = properties.getOrDefault(registration, Map.of());
        Map<String, String> besides = environment(properties.keySet())
                .getOrDefault(properties.containsKey(registration) ? registration : "", Map.of());
        return built(own, besides, added(mapped(own, besides, Map.of()), own, besides));
    }

    /**
     * Returns the properties of each registration that any source except the environment names. The value may come from
     * any source.
     */
    private Map<String, Map<String, String>> properties() {
        var properties = new TreeMap<String, Map<String, String>>();
        for (ConfigSource source : config.getConfigSources()) {
            if (!(source instanceof EnvConfigSource)) {
                source.getPropertyNames().stream()
                        .map(name -> PROFILE.matcher(name).replaceFirst(""))
                        .filter(name -> name.startsWith(DOTTED))
                        .forEach(name -> put(properties, name));
            }
        }
        return properties;
    }

    /** Adds a property, unless it has no value because it belongs to another profile. */
    private void put(Map<String, Map<String, String>> properties, String name) {
        String value = config.getConfigValue(name).getValue();
        if (value != null) {
            String registration = registration(name);
            String quoted = '"' + registration + '"';
            String written = name.startsWith(DOTTED + quoted) ? quoted : registration;
            String key = name.substring(DOTTED.length() + written.length() + 1);
            properties.computeIfAbsent(registration, one -> new HashMap<>()).put(property(registration, key), value);
        }
    }

    private static String registration(String property) {
        return new NameIterator(property.substring(DOTTED.length())).getNextSegment();
    }

    /**
     * Returns the environment variables of each registration. The variables of registrations that only the environment
     * configures are under the empty name.
     */
    private Map<String, Map<String, String>> environment(Iterable<String> names) {
        var written = new HashMap<String, String>();
        names.forEach(name -> written.put(written(name), name));
        var environment = new HashMap<String, Map<String, String>>();
        variables()
                .forEach((variable, value) -> environment
                        .computeIfAbsent(named(variable, written), name -> new HashMap<>())
                        .put(variable, value));
        return environment;
    }

    /**
     * Returns the variables with their values. One for the active profile ({@code _PROD_TOKENKEEP_REGISTRATIONS_…})
     * wins over the one for all profiles.
     */
    private Map<String, String> variables() {
        var variables = new HashMap<String, String>();
        for (String profile : profiles()) {
            StreamSupport.stream(config.getConfigSources().spliterator(), false)
                    .filter(EnvConfigSource.class::isInstance)
                    .flatMap(source -> source.getPropertyNames().stream())
                    .filter(variable -> variable.startsWith(profile + ENVIRONMENT))
                    .forEach(variable -> variables.put(
                            variable.substring(profile.length()),
                            config.getConfigValue(variable).getValue()));
        }
        return variables;
    }

    /** Returns the prefixes of variable names. A later one wins. */
    private List<String> profiles() {
        var prefixes = new ArrayList<String>();
        config.getProfiles().forEach(profile -> prefixes.add(0, "_" + written(profile) + "_"));
        prefixes.add(0, "");
        return prefixes;
    }

    private static String written(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns the longest registration name with which the variable begins; empty if there is none. */
    private static String named(String variable, Map<String, String> written) {
        for (int end = variable.lastIndexOf('_');
                end > ENVIRONMENT.length();
                end = variable.lastIndexOf('_', end - 1)) {
            String name = written.get(variable.substring(ENVIRONMENT.length(), end));
            if (name != null) {
                return name;
            }
        }
        return "";
    }

    private Map<String, Registration> mapped(Map<String, String> properties, Map<String, String> environment) {
        Map<String, Registration> own = mapped(properties, environment, Map.of());
        Map<String, String> added = added(own, properties, environment);
        return added.isEmpty() ? own : mapped(properties, environment, added);
    }

    /** Returns what the providers of these registrations add to their own settings. */
    private Map<String, String> added(
            Map<String, Registration> own, Map<String, String> properties, Map<String, String> environment) {
        var added = new HashMap<String, String>();
        own.forEach((name, registration) -> registration
                .provider()
                .flatMap(presets::named)
                .filter(preset -> preset.takes(registration.variables()))
                .ifPresent(preset -> preset.settings(registration.variables()).forEach((key, value) -> {
                    // A leeway belongs to the preset's own rotation only.
                    if (!key.equals(LEEWAY) || !has(name, ROTATION, properties, environment)) {
                        added.put(property(name, key), value);
                        LOG.debugf("%s=%s by provider %s, unless it is set", property(name, key), value, preset.name());
                    }
                })));
        return added;
    }

    private static boolean has(
            String registration, String key, Map<String, String> properties, Map<String, String> environment) {
        return properties.containsKey(property(registration, key))
                || environment.containsKey(ENVIRONMENT + written(registration) + "_" + written(key))
                || environment.containsKey(ENVIRONMENT + "_" + written(registration) + "__" + written(key));
    }

    static String property(String registration, String key) {
        return DOTTED + (registration.contains(".") ? '"' + registration + '"' : registration) + "." + key;
    }

    private static Map<String, Registration> mapped(
            Map<String, String> properties, Map<String, String> environment, Map<String, String> added) {
        return built(properties, environment, added)
                .getConfigMapping(RegistrationsConfig.class, PREFIX)
                .registrations();
    }

    private static SmallRyeConfig built(
            Map<String, String> properties, Map<String, String> environment, Map<String, String> added) {
        return new SmallRyeConfigBuilder()
                .withMapping(RegistrationsConfig.class, PREFIX)
                .withSources(
                        // A property already has its final value here, so it wins over the environment.
                        new PropertiesConfigSource(properties, BY_OPERATOR, 200),
                        new EnvConfigSource(environment, 100),
                        new PropertiesConfigSource(added, BY_PROVIDERS, 50))
                .build();
    }
}
