package dev.tokenkeep;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How large a package, a file, a record or a constructor may be. What is larger today is listed with its size: it may become
 * smaller, and then its line here has to follow.
 */
class HouseLimitsTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/tokenkeep");
    private static final int FILES = 30;
    private static final int LINES_OF_A_PACKAGE = 2_500;
    private static final int LINES_OF_A_FILE = 250;
    private static final int COMPONENTS = 8;
    private static final int PARAMETERS = 6;

    private static final Map<String, Integer> MORE_FILES = Map.of();
    private static final Map<String, Integer> LARGER_PACKAGES = Map.of();
    private static final Map<String, Integer> LONGER_FILES = Map.of("SessionRow", 281);
    /** The API's JSON, which is flat. */
    private static final Map<String, Integer> WIDER_RECORDS = Map.of("SessionView", 12);

    private static final Map<String, Integer> WIDER_CONSTRUCTORS = Map.of("AccessTokenService", 7);

    private static final JavaClasses CLASSES =
            new ClassFileImporter().importPath(Path.of("target/classes/dev/tokenkeep"));

    @Test
    void packagesHaveNoMoreFiles() throws IOException {
        assertThat(over(FILES, files().collect(Collectors.groupingBy(HouseLimitsTest::room, Collectors.counting()))))
                .isEqualTo(MORE_FILES);
    }

    @Test
    void packagesHaveNoMoreLines() throws IOException {
        Map<String, Long> lines = files().collect(
                        Collectors.groupingBy(HouseLimitsTest::room, Collectors.summingLong(HouseLimitsTest::lines)));
        Map<String, Integer> larger = over(LINES_OF_A_PACKAGE, lines);
        assertThat(larger.keySet()).isEqualTo(LARGER_PACKAGES.keySet());
        assertThat(larger)
                .allSatisfy((room, size) -> assertThat(size).as(room).isLessThanOrEqualTo(LARGER_PACKAGES.get(room)));
    }

    @Test
    void filesHaveNoMoreLines() throws IOException {
        assertThat(over(
                        LINES_OF_A_FILE,
                        files().collect(Collectors.toMap(HouseLimitsTest::name, HouseLimitsTest::lines, Long::max))))
                .isEqualTo(LONGER_FILES);
    }

    @Test
    void recordsHaveNoMoreComponents() {
        assertThat(over(
                        COMPONENTS,
                        CLASSES.stream()
                                .filter(JavaClass::isRecord)
                                .collect(Collectors.toMap(
                                        JavaClass::getSimpleName, HouseLimitsTest::widestConstructor, Long::max))))
                .isEqualTo(WIDER_RECORDS);
    }

    @Test
    void constructorsTakeNoMore() {
        assertThat(over(
                        PARAMETERS,
                        CLASSES.stream()
                                .filter(one -> !one.isRecord() && !one.isEnum() && one.isTopLevelClass())
                                .collect(Collectors.toMap(
                                        JavaClass::getSimpleName, HouseLimitsTest::widestConstructor, Long::max))))
                .isEqualTo(WIDER_CONSTRUCTORS);
    }

    private static Map<String, Integer> over(int limit, Map<String, Long> sizes) {
        var over = new TreeMap<String, Integer>();
        sizes.forEach((name, size) -> {
            if (size > limit) {
                over.put(name, Math.toIntExact(size));
            }
        });
        return over;
    }

    private static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            return all
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList()
                    .stream();
        }
    }

    private static String room(Path file) {
        return SOURCES.relativize(file.getParent()).toString().replace('/', '.');
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long widestConstructor(JavaClass one) {
        return one.getConstructors().stream()
                .mapToLong(HouseLimitsTest::parameters)
                .max()
                .orElse(0);
    }

    private static long parameters(JavaConstructor constructor) {
        return constructor.getRawParameterTypes().size();
    }
}
