package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Maps settings to registrations, a group at a time, and adds what their providers know. A mapping goes through all
 * property names for each of its entries: one mapping of five thousand registrations would take ten seconds.
 */
final class RegistrationMapping {

    static final String PREFIX = "tokenkeep.registrations";
    static final String DOTTED = PREFIX + ".";
    static final String ENVIRONMENT = "TOKENKEEP_REGISTRATIONS_";
    /** The names of the sources. */
    static final String BY_OPERATOR = "registration-properties";

    static final String BY_PROVIDERS = "registration-providers";

    private static final Logger LOG = Logger.getLogger(RegistrationMapping.class);
    private static final int TOGETHER = 50;
    /** Settings with a name that the user chooses at their end. */
    private static final Set<String> GROUPS =
            Set.of("variables", "authorization-parameters", "errors", "parameters", "headers");

    private static final String ROTATION = "rotation";
    private static final String LEEWAY = "rotation-leeway";

    private final Presets presets;

    RegistrationMapping(Presets presets) {
        this.presets = presets;
    }

    /**
     * Returns the registrations by their names.
     *
     * @param properties by registration, with their whole names
     * @param environment variables by registration; under the empty name those of registrations without properties
     */
    Map<String, Registration> all(
            Map<String, Map<String, String>> properties, Map<String, Map<String, String>> environment) {
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

    /**
     * Returns registrations that only these settings configure.
     *
     * @param settings by registration, by their keys below its name
     */
    Map<String, Registration> all(Map<String, Map<String, String>> settings) {
        var properties = new TreeMap<String, Map<String, String>>();
        settings.forEach((name, own) -> properties.put(name, properties(name, own)));
        return all(properties, Map.of());
    }

    /** Returns the settings with their whole names. */
    static Map<String, String> properties(String registration, Map<String, String> settings) {
        var properties = new HashMap<String, String>();
        settings.forEach((key, value) -> properties.put(property(registration, quoted(key)), value));
        return properties;
    }

    /** Returns the key with the name in a group in quotes, because the name may have dots. */
    private static String quoted(String key) {
        int dot = key.indexOf('.');
        return dot > 0 && GROUPS.contains(key.substring(0, dot)) && key.indexOf('"') < 0
                ? key.substring(0, dot + 1) + '"' + key.substring(dot + 1) + '"'
                : key;
    }

    /** Returns the configuration of these settings and what their providers add. */
    SmallRyeConfig configuration(Map<String, String> properties, Map<String, String> environment) {
        return built(
                properties, environment, added(mapped(properties, environment, Map.of()), properties, environment));
    }

    static String written(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
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
                .filter(preset -> preset.takes(registration.variables(), ofSessions(registration)))
                .ifPresent(preset -> preset.settings(variables(registration)).forEach((key, value) -> {
                    // A leeway belongs to the preset's own rotation only. A name in quotes would be another one.
                    if (!(key.equals(LEEWAY) && has(name, ROTATION, properties, environment))
                            && !properties.containsKey(property(name, quoted(key)))) {
                        added.put(property(name, key), value);
                        LOG.debugf("%s=%s by provider %s, unless it is set", property(name, key), value, preset.name());
                    }
                })));
        return added;
    }

    private static Set<String> ofSessions(Registration registration) {
        return registration.sessionVariables().orElse(Set.of());
    }

    /** Returns the variables; a placeholder stands for what a session gives. */
    private static Map<String, String> variables(Registration registration) {
        var variables = new HashMap<>(registration.variables());
        ofSessions(registration).forEach(name -> variables.put(name, RegistrationTemplate.placeholder(name)));
        return variables;
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
