package dev.tokenkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages name is there, and what is there they name. Settings, metrics, codes and calls have tests of their own. */
class DocumentationTest {

    private static final Path REST_API = Path.of("src", "docs", "rest-api.md");
    private static final Path README = Path.of("README.md");
    private static final int README_LINES = 250;

    private static final Pattern PROBLEM = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (\\d{3}) \\| .+ \\|$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("\\b([A-Z][a-z]\\w*(?:Test|IT|Fuzz))\\b");

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("src", "docs"));
                Stream<Path> root = Files.list(Path.of(""))) {
            return Stream.concat(docs, root)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<MatchResult> found(Pattern pattern, Path page) {
        try {
            return pattern.matcher(Files.readString(page)).results().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyProblemIsDocumentedUnderItsStatusAndNoOther() {
        var told = new TreeMap<String, Integer>();
        found(PROBLEM, REST_API).forEach(row -> told.put(row.group(1), Integer.valueOf(row.group(2))));
        Map<String, Integer> known =
                Arrays.stream(ProblemType.values()).collect(Collectors.toMap(ProblemType::slug, ProblemType::status));
        assertThat(told).isEqualTo(new TreeMap<>(known));
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        assertThat(pages())
                .isNotEmpty()
                .allSatisfy(page -> assertThat(found(LINK, page))
                        .extracting(link -> page.toAbsolutePath().resolveSibling(link.group(1)))
                        .allSatisfy(target -> assertThat(target).exists()));
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        var named = new TreeSet<String>();
        for (Path page : pages()) {
            found(TEST, page).forEach(test -> named.add(test.group(1)));
        }
        assertThat(named).isNotEmpty().isSubsetOf(tests());
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> unit = Files.walk(Path.of("src", "test", "java"));
                Stream<Path> integration = Files.walk(Path.of("src", "it", "java"))) {
            return Stream.concat(unit, integration)
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".java"))
                    .map(file -> file.substring(0, file.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void readmeIsShortAndNamesEveryPage() throws IOException {
        String readme = Files.readString(README);
        assertThat(readme.lines()).hasSizeLessThanOrEqualTo(README_LINES);
        assertThat(pages())
                .filteredOn(page -> page.startsWith(Path.of("src", "docs")))
                .allSatisfy(page -> assertThat(readme).contains("(" + page + ")"));
    }
}
