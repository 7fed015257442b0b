package dev.tokenkeep.registration.settings;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of a provider: the settings of a registration there, and what an operator should know.
 *
 * @param settings by their keys below {@code tokenkeep.registrations.<name>}; names in braces stand for variables
 * @param variables what each variable may look like
 * @param about what else is known, by its key below {@code preset}
 */
record Preset(String name, Map<String, String> settings, Map<String, Pattern> variables, Map<String, String> about) {

    private static final String ABOUT = "preset.";
    private static final String VARIABLES = ABOUT + "variables.";
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

    /** Reads a preset from its file. */
    static Preset of(String name, Map<String, String> file) {
        var settings = new TreeMap<String, String>();
        var variables = new TreeMap<String, Pattern>();
        var about = new TreeMap<String, String>();
        file.forEach((key, value) -> {
            if (key.startsWith(VARIABLES)) {
                variables.put(key.substring(VARIABLES.length()), Pattern.compile(value));
            } else if (key.startsWith(ABOUT)) {
                about.put(key.substring(ABOUT.length()), value);
            } else {
                settings.put(key, value);
            }
        });
        return new Preset(name, settings, variables, about);
    }

    /** Returns why nobody can register there; empty if that is possible. */
    Optional<String> unsupported() {
        return Optional.ofNullable(about.get("unsupported"));
    }

    /** Returns when the provider gives a refresh token. */
    Optional<String> refreshTokenHint() {
        return Optional.ofNullable(about.get("refresh-token-hint"));
    }

    /**
     * Returns whether these are all variables, each as it may look.
     *
     * @param ofSessions the variables that sessions give
     */
    boolean takes(Map<String, String> values, Set<String> ofSessions) {
        return variables.entrySet().stream().allMatch(variable -> {
            String value = values.get(variable.getKey());
            return ofSessions.contains(variable.getKey())
                    || (value != null && variable.getValue().matcher(value).matches());
        });
    }

    /** Returns the settings with their variables replaced. */
    Map<String, String> settings(Map<String, String> values) {
        var replaced = new TreeMap<String, String>();
        settings.forEach((key, value) -> replaced.put(
                key,
                VARIABLE.matcher(value)
                        .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")))));
        return replaced;
    }
}
