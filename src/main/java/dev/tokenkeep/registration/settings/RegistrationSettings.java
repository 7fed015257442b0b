package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.NameIterator;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Finds the settings of all registrations in the sources of the configuration. */
final class RegistrationSettings {

    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");

    private final SmallRyeConfig config;
    private final RegistrationMapping mapping;

    RegistrationSettings(SmallRyeConfig config, Presets presets) {
        this.config = config;
        this.mapping = new RegistrationMapping(presets);
    }

    /** Returns the settings of each registration by its name. */
    Map<String, Registration> read() {
        Map<String, Map<String, String>> properties = properties();
        return mapping.all(properties, environment(properties.keySet()));
    }

    /** Returns the configuration that has the settings of this registration, and maybe those of others. */
    SmallRyeConfig configuration(String registration) {
        Map<String, Map<String, String>> properties = properties();
        Map<String, String> own = properties.getOrDefault(registration, Map.of());
        Map<String, String> besides = environment(properties.keySet())
                .getOrDefault(properties.containsKey(registration) ? registration : "", Map.of());
        return mapping.configuration(own, besides);
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
                        .filter(name -> name.startsWith(RegistrationMapping.DOTTED))
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
            String written = name.startsWith(RegistrationMapping.DOTTED + quoted) ? quoted : registration;
            String key = name.substring(RegistrationMapping.DOTTED.length() + written.length() + 1);
            properties
                    .computeIfAbsent(registration, one -> new HashMap<>())
                    .put(RegistrationMapping.property(registration, key), value);
        }
    }

    private static String registration(String property) {
        return new NameIterator(property.substring(RegistrationMapping.DOTTED.length())).getNextSegment();
    }

    /**
     * Returns the environment variables of each registration. The variables of registrations that only the environment
     * configures are under the empty name.
     */
    private Map<String, Map<String, String>> environment(Iterable<String> names) {
        var written = new HashMap<String, String>();
        names.forEach(name -> written.put(RegistrationMapping.written(name), name));
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
                    .filter(variable -> variable.startsWith(profile + RegistrationMapping.ENVIRONMENT))
                    .forEach(variable -> variables.put(
                            variable.substring(profile.length()),
                            config.getConfigValue(variable).getValue()));
        }
        return variables;
    }

    /** Returns the prefixes of variable names. A later one wins. */
    private List<String> profiles() {
        var prefixes = new ArrayList<String>();
        config.getProfiles().forEach(profile -> prefixes.add(0, "_" + RegistrationMapping.written(profile) + "_"));
        prefixes.add(0, "");
        return prefixes;
    }

    /** Returns the longest registration name with which the variable begins; empty if there is none. */
    private static String named(String variable, Map<String, String> written) {
        for (int end = variable.lastIndexOf('_');
                end > RegistrationMapping.ENVIRONMENT.length();
                end = variable.lastIndexOf('_', end - 1)) {
            String name = written.get(variable.substring(RegistrationMapping.ENVIRONMENT.length(), end));
            if (name != null) {
                return name;
            }
        }
        return "";
    }
}
