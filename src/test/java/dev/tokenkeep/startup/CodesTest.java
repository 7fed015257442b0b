package dev.tokenkeep.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of codes, against the sources. */
class CodesTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/tokenkeep");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE);
    private static final Pattern CONSTANT = Pattern.compile("static final String [A-Z_]+ =\\s+\"([a-z_]+)\";");
    /** A tag of metrics. */
    private static final String NO_CODE = "other";

    @Test
    void everyCodeThatIsDescribedIsTold() {
        String sources = text(SOURCES);
        assertThat(described())
                .isNotEmpty()
                .allSatisfy(code -> assertThat(sources).contains('"' + code + '"'));
    }

    @Test
    void everyCodeThatIsToldOfRequestsIsDescribed() {
        var told = new TreeSet<String>();
        for (String place : List.of(
                "http/ConnectFailure.java",
                "http/HttpExchange.java",
                "authorizationserver",
                "oauth/TokenResult.java",
                "session/FailureCode.java")) {
            told.addAll(found(CONSTANT, text(SOURCES.resolve(place))));
        }
        told.remove(NO_CODE);
        assertThat(told).isNotEmpty().isSubsetOf(described());
    }

    private static Set<String> described() {
        return found(ROW, text(Path.of("src/docs/codes.md")));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Path place) {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
