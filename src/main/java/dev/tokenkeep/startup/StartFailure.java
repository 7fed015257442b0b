package dev.tokenkeep.startup;

import dev.tokenkeep.database.UnusableDatabase;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Describes why the start failed: each invalid setting by its key, in at most ten lines. Known failures have no stack
 * trace.
 */
final class StartFailure {

    private static final int MAX_LINES = 10;
    private static final int DEEPEST = 30;
    /** SmallRye Config's message. It quotes the value that cannot be converted and the setting's name. */
    private static final Pattern CONVERSION =
            Pattern.compile("SRCFG00039: The config property ([^ ]+) with the config value");

    /** The message for a setting that is present but empty and that is read on its own. */
    private static final Pattern EMPTY = Pattern.compile("Failed to load config value of type class \\S+ for: (\\S+)");

    private static final String WITHOUT_URL =
            "Datasource 'tokenkeep' was deactivated automatically because its URL is not set";

    private static final String FORMS =
            "a time is a number with a unit (500ms, 30S, 5M, 2H, 7D), a size is a number with K, M or G, any other"
                    + " value is a plain number, or true or false";

    private StartFailure() {}

    /** Returns the lines to print; empty for an unexpected failure, which needs its stack trace. */
    static List<String> lines(Throwable failure) {
        return Stream.<Function<Throwable, Optional<List<String>>>>of(
                        StartFailure::ofDatasource,
                        StartFailure::ofSettings,
                        StartFailure::ofConversion,
                        StartFailure::ofEmpty,
                        StartFailure::ofPorts,
                        cause -> UnusableDatabase.sentence(failure).map(List::of),
                        StartFailure::ofChecks)
                .flatMap(kind -> causes(failure).flatMap(cause -> kind.apply(cause).stream()))
                .findFirst()
                .map(StartFailure::shortened)
                .orElse(List.of());
    }

    private static Stream<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = failure; cause != null && causes.size() < DEEPEST; cause = cause.getCause()) {
            causes.add(0, cause);
        }
        return causes.stream();
    }

    private static Optional<List<String>> ofSettings(Throwable cause) {
        return cause instanceof ConfigurationException && cause.getMessage() != null
                ? Optional.of(cause.getMessage()
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.equals(ConfigViolations.HEADING))
                        .toList())
                : Optional.empty();
    }

    private static Optional<List<String>> ofConversion(Throwable cause) {
        List<String> lines = CONVERSION
                .matcher(String.valueOf(cause.getMessage()))
                .results()
                .map(property -> property.group(1) + ": has a value that cannot be read: " + FORMS)
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
    }

    private static Optional<List<String>> ofEmpty(Throwable cause) {
        Matcher empty = EMPTY.matcher(String.valueOf(cause.getMessage()));
        return empty.find()
                ? Optional.of(List.of(empty.group(1) + ": is empty or cannot be read: remove it or give it a value"))
                : Optional.empty();
    }

    private static Optional<List<String>> ofPorts(Throwable cause) {
        return cause instanceof QuarkusBindException taken
                ? Optional.of(List.of(
                        "quarkus.http.port, quarkus.management.port: another process uses port " + taken.getPort()))
                : Optional.empty();
    }

    private static Optional<List<String>> ofDatasource(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains(WITHOUT_URL)
                ? Optional.of(
                        List.of("quarkus.datasource.tokenkeep.jdbc.url: is missing: set the URL of the database, such"
                                + " as jdbc:postgresql://host:5432/tokenkeep"))
                : Optional.empty();
    }

    /** Returns the message of one of our own checks. It begins with the setting. */
    private static Optional<List<String>> ofChecks(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof IllegalStateException
                        && (message.startsWith("tokenkeep.") || message.startsWith("quarkus.datasource.tokenkeep"))
                ? Optional.of(List.of(message))
                : Optional.empty();
    }

    private static List<String> shortened(List<String> lines) {
        // One line is for the heading and one for the number of further lines.
        int most = MAX_LINES - 2;
        if (lines.size() <= most) {
            return lines;
        }
        var shortened = new ArrayList<>(lines.subList(0, most));
        shortened.add("and " + (lines.size() - most) + " more");
        return shortened;
    }
}
