package dev.tokenkeep.startup;

import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Distance;
import dev.tokenkeep.settings.KnownSettings;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.NameIterator;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/**
 * Refuses to start with an unknown setting below {@code tokenkeep}, from whatever source. Otherwise a misspelt setting
 * would silently leave the default in force.
 */
@Singleton
class UnknownSettings {

    private static final Logger LOG = Logger.getLogger(UnknownSettings.class);

    /** Before the tables are created and before any job. */
    private static final int PRIORITY = Interceptor.Priority.PLATFORM_BEFORE - 3;

    private static final String PREFIX = "tokenkeep.";
    private static final String VARIABLE = "TOKENKEEP_";
    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");
    private static final Pattern VARIABLE_PROFILE = Pattern.compile("^_[A-Z0-9]+(?:_[A-Z0-9]+)*?_(?=" + VARIABLE + ")");
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]$");
    private static final Pattern VARIABLE_INDEX = Pattern.compile("_\\d+_$");
    /**
     * The variables that Kubernetes sets in every pod for the services in its namespace. A service may be called
     * tokenkeep.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            VARIABLE + "(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?|PORT(?:_\\d+_(?:TCP|UDP|SCTP)(?:_.+)?)?)");

    private static final List<KnownVariable> VARIABLES =
            KnownSettings.all().stream().map(KnownVariable::of).toList();

    /**
     * @throws io.quarkus.runtime.configuration.ConfigurationException naming each unknown setting and the most similar
     *     known one
     */
    void check(@Observes @Priority(PRIORITY) StartupEvent event, Config config) {
        // Tests have their own settings.
        if (LaunchMode.current() != LaunchMode.TEST) {
            violations(config.unwrap(SmallRyeConfig.class).getConfigSources()).throwIfAny();
        }
    }

    static ConfigViolations violations(Iterable<ConfigSource> sources) {
        var violations = new ConfigViolations();
        Set<List<String>> told = new HashSet<>();
        List<String> variables = new ArrayList<>();
        for (ConfigSource source : sources) {
            if (source instanceof EnvConfigSource) {
                variables.addAll(source.getPropertyNames());
            } else {
                source.getPropertyNames().stream()
                        .map(name -> PROFILE.matcher(name).replaceFirst(""))
                        .filter(name -> name.startsWith(PREFIX))
                        .forEach(name -> told.add(property(name, violations)));
            }
        }
        Set<String> names = told.stream()
                .flatMap(UnknownSettings::chosen)
                .map(KnownVariable::written)
                .collect(Collectors.toSet());
        variables.forEach(variable -> variable(variable, names, violations));
        return violations;
    }

    private static List<String> property(String name, ConfigViolations violations) {
        List<String> segments = segments(name);
        if (!KnownSettings.has(segments)) {
            violations.add(name, unknown(KnownSettings.nearest(segments)));
        }
        return segments;
    }

    private static List<String> segments(String name) {
        var segments = new ArrayList<String>();
        for (var names = new NameIterator(INDEX.matcher(name).replaceFirst("")); names.hasNext(); names.next()) {
            segments.add(names.getNextSegment());
        }
        return segments;
    }

    /** Returns the names that the operator has chosen: that of a registration or similar, and that of its target. */
    private static Stream<String> chosen(List<String> segments) {
        return IntStream.of(2, 4).filter(at -> segments.size() > at + 1).mapToObj(segments::get);
    }

    private static String unknown(Optional<String> nearest) {
        return "there is no such setting"
                + nearest.map(near -> "; the nearest is " + near).orElse("");
    }

    /** @param names the names of registrations and similar in the other sources, as they appear in variables */
    private static void variable(String name, Set<String> names, ConfigViolations violations) {
        String plain = VARIABLE_INDEX
                .matcher(VARIABLE_PROFILE.matcher(name).replaceFirst(""))
                .replaceFirst("");
        if (plain.startsWith(VARIABLE)
                && !SERVICE_LINK.matcher(plain).matches()
                && VARIABLES.stream().noneMatch(known -> known.has(plain, names))) {
            boolean several = VARIABLES.stream().anyMatch(known -> known.has(plain, null));
            Optional<String> nearest = nearest(plain);
            if (several) {
                violations.add(
                        name,
                        "a name with an underscore is ambiguous in a variable: use a name without underscores, or set"
                                + " one of its settings in a file or a system property too");
            } else if (nearest.isPresent() || isOurs(plain)) {
                violations.add(name, unknown(nearest));
            } else {
                LOG.warnf("%s: unknown setting, ignored; no setting of Tokenkeep is similar", name);
            }
        }
    }

    /** Returns whether the variable begins like one of our groups. */
    private static boolean isOurs(String variable) {
        return KnownSettings.all().stream()
                .map(known -> known.split("\\."))
                .filter(known -> known.length > 2)
                .anyMatch(known -> variable.startsWith(VARIABLE + KnownVariable.written(known[1]) + "_"));
    }

    private static Optional<String> nearest(String variable) {
        return KnownSettings.all().stream()
                .map(known -> named(known, variable))
                .min(Comparator.comparingInt(known -> Distance.between(variable, known)))
                .filter(near -> Distance.between(variable, near) <= Math.max(3, variable.length() / 6));
    }

    /**
     * Returns the known setting as a variable, with the chosen name of {@code variable} as far as it can be determined.
     */
    private static String named(String known, String variable) {
        int name = known.indexOf("." + KnownSettings.ANY);
        String before = name < 0 ? "" : KnownVariable.written(known.substring(0, name)) + "_";
        if (name < 0 || !variable.startsWith(before)) {
            return KnownVariable.written(known);
        }
        String rest = variable.substring(before.length());
        int end = rest.indexOf('_');
        return before + (end < 0 ? rest : rest.substring(0, end)) + KnownVariable.written(known.substring(name + 2));
    }
}
