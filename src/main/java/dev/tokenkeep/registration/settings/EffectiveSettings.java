package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.registration.settings.EffectiveSetting.Source;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/** Tells operators what counts for a registration, and why: their own settings, its provider's, or the default. */
@Singleton
public class EffectiveSettings {

    /** These are secrets, or are often used for some. */
    private static final Set<String> HIDDEN = Set.of("client-secret", "proxy");

    private static final Set<String> HIDDEN_GROUPS = Set.of("headers.", "parameters.");
    private static final String GROUP = ".*";
    private static final String VARIABLE = "variables.";
    private static final Pattern ADDRESS = Pattern.compile("(?is)(\\s*https?://[^?]*)\\?.*");

    private final SmallRyeConfig config;
    private final Presets presets;

    EffectiveSettings(Config config, Presets presets) {
        this.config = config.unwrap(SmallRyeConfig.class);
        this.presets = presets;
    }

    /** Returns the settings that have a value, by their keys. It reads the whole configuration. */
    public List<EffectiveSetting> of(String name) {
        // Of a template, its own: a session adds only the values of variables.
        String registration = RegistrationTemplate.base(name);
        return of(
                registration,
                new RegistrationSettings(config, presets).configuration(registration),
                Source.CONFIGURATION);
    }

    /** Returns the settings of a registration that only {@code own} configures, by their keys. */
    public List<EffectiveSetting> of(String registration, Map<String, String> own, Source source) {
        Map<String, String> properties = RegistrationMapping.properties(registration, own);
        return of(registration, new RegistrationMapping(presets).configuration(properties, Map.of()), source);
    }

    private List<EffectiveSetting> of(String registration, SmallRyeConfig built, Source own) {
        String prefix = RegistrationMapping.property(registration, "");
        List<String> names = StreamSupport.stream(built.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
        Optional<Preset> preset = Optional.ofNullable(
                        built.getConfigValue(prefix + "provider").getValue())
                .flatMap(presets::named);
        var settings = new TreeMap<String, EffectiveSetting>();
        keys(names).forEach(key -> {
            ConfigValue value = built.getConfigValue(prefix + key);
            if (value.getValue() != null && !value.getValue().isEmpty()) {
                String plain = key.replace("\"", "");
                String shown =
                        isHidden(plain, preset) ? null : withoutQuery(RegistrationTemplate.readable(value.getValue()));
                settings.put(plain, new EffectiveSetting(plain, shown, source(value, own)));
            }
        });
        return List.copyOf(settings.values());
    }

    /** Returns the keys of the mapping, with the names of groups and the numbers of lists that are set. */
    private static Stream<String> keys(List<String> names) {
        String each = RegistrationMapping.property("*", "");
        return ConfigClass.configClass(RegistrationsConfig.class, RegistrationMapping.PREFIX)
                .getProperties()
                .keySet()
                .stream()
                .filter(property -> property.startsWith(each))
                .map(property -> property.substring(each.length()))
                .flatMap(key -> key.endsWith(GROUP)
                        ? beginning(names, key.substring(0, key.length() - 1)).stream()
                        : key.contains(GROUP) ? ofNamed(names, key) : single(names, key));
    }

    /** Returns this setting of each name that has any, such as each target. */
    private static Stream<String> ofNamed(List<String> names, String key) {
        int group = key.indexOf(GROUP) + 1;
        return beginning(names, key.substring(0, group)).stream()
                .map(name -> name.substring(group, Math.max(group, name.lastIndexOf('.'))))
                .distinct()
                .map(name -> key.substring(0, group) + name + key.substring(group + 1));
    }

    private static Stream<String> single(List<String> names, String key) {
        List<String> numbered = beginning(names, key + "[");
        return numbered.isEmpty() ? Stream.of(key) : numbered.stream();
    }

    private static List<String> beginning(List<String> names, String start) {
        return names.stream().filter(name -> name.startsWith(start)).toList();
    }

    private static boolean isHidden(String key, Optional<Preset> preset) {
        return isSecret(key)
                || (key.startsWith(VARIABLE)
                        && preset.filter(used -> isSecretIn(used, "{" + key.substring(VARIABLE.length()) + "}"))
                                .isPresent());
    }

    private static boolean isSecret(String key) {
        return HIDDEN.contains(key) || HIDDEN_GROUPS.stream().anyMatch(key::startsWith);
    }

    /** Returns whether the preset puts this variable where something is hidden. */
    private static boolean isSecretIn(Preset preset, String variable) {
        return preset.settings().entrySet().stream()
                .filter(setting -> setting.getValue().contains(variable))
                .anyMatch(setting -> isSecret(setting.getKey())
                        || !withoutQuery(setting.getValue()).contains(variable));
    }

    /** A query may have a key of an API. */
    private static String withoutQuery(String value) {
        Matcher address = ADDRESS.matcher(value);
        return address.matches() ? address.group(1) + "?…" : value;
    }

    private static Source source(ConfigValue value, Source own) {
        String name = String.valueOf(value.getConfigSourceName());
        if (name.contains(RegistrationMapping.BY_PROVIDERS)) {
            return Source.PROVIDER;
        }
        return name.contains(RegistrationMapping.BY_OPERATOR) || name.startsWith("EnvConfigSource")
                ? own
                : Source.DEFAULT;
    }
}
