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

/** What is said of a start that can't succeed: each culprit by its setting, in ten lines at most; no stack trace of what is known. */
final class StartFailure {

    private static final int MOST_LINES = 10;
    private static final int DEEPEST = 30;
    /** SmallRye Config quotes the value that it can't convert, and the setting's name. */
    private static final Pattern CONVERSION =
            Pattern.compile("SRCFG00039: The config property ([^ ]+) with the config value");

    /** Of a setting that is there and empty, where it is read by itself. */
    private static final Pattern EMPTY = Pattern.compile("Failed to load config value of type class \\S+ for: (\\S+)");

    private static final String WITHOUT_URL =
            "Datasource 'tokenkeep' was deactivated automatically because its URL is not set";

    private static final String FORMS =
            "a time is a number with its unit (500ms, 30S, 5M, 2H, 7D), a size one with K, M or G, all else a plain number, or true"
                    + " or false";

    private StartFailure() {}

    /** Empty for what nobody foresaw, which needs its stack trace. */
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
                .map(property -> property.group(1) + ": has a value that can't be read: " + FORMS)
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
    }

    private static Optional<List<String>> ofEmpty(Throwable cause) {
        Matcher empty = EMPTY.matcher(String.valueOf(cause.getMessage()));
        return empty.find()
                ? Optional.of(List.of(empty.group(1) + ": is empty or can't be read: leave it out, or give it a value"))
                : Optional.empty();
    }

    private static Optional<List<String>> ofPorts(Throwable cause) {
        return cause instanceof QuarkusBindException taken
                ? Optional.of(List.of(
                        "quarkus.http.port, quarkus.management.port: another process has the port " + taken.getPort()))
                : Optional.empty();
    }

    private static Optional<List<String>> ofDatasource(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains(WITHOUT_URL)
                ? Optional.of(
                        List.of("quarkus.datasource.tokenkeep.jdbc.url: is missing: where the database is, such as"
                                + " jdbc:postgresql://host:5432/tokenkeep"))
                : Optional.empty();
    }

    /** What a check of ours says, which begins with the setting. */
    private static Optional<List<String>> ofChecks(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof IllegalStateException
                        && (message.startsWith("tokenkeep.") || message.startsWith("quarkus.datasource.tokenkeep"))
                ? Optional.of(List.of(message))
                : Optional.empty();
    }

    private static List<String> shortened(List<String> lines) {
        // One for the heading, and one that tells how many more there are.
        int most = MOST_LINES - 2;
        if (lines.size() <= most) {
            return lines;
        }
        var shortened = new ArrayList<>(lines.subList(0, most));
        shortened.add("and " + (lines.size() - most) + " more");
        return shortened;
    }
}
