package dev.tokenkeep.registration.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Distance;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The providers that come with Tokenkeep, and the operator's own. There is one file for each. */
final class Presets {

    /** The setting for the operator's own. */
    static final String SETTING = "tokenkeep.providers.directory";

    private static final String DIRECTORY = "/META-INF/tokenkeep/providers/";
    private static final String SUFFIX = ".properties";
    private static final int NEAR = 5;
    private static final int MAX_DISTANCE = 3;

    private final List<String> shipped = shipped();
    private final Map<String, Preset> own;
    private final Map<String, Preset> read = new ConcurrentHashMap<>();

    private Presets(Map<String, Preset> own) {
        this.own = Map.copyOf(own);
    }

    /** Returns those that come with Tokenkeep. */
    static Presets ofTokenkeep() {
        return new Presets(Map.of());
    }

    /** Returns also those of a directory, which replace others of the same name. */
    static Presets with(Path directory, ConfigViolations violations) {
        var own = new HashMap<String, Preset>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(SUFFIX)).toList()) {
                String name = file.getFileName().toString().replace(SUFFIX, "");
                try (Reader reader = Files.newBufferedReader(file)) {
                    own.put(name, Preset.of(name, properties(reader)));
                } catch (IOException | IllegalArgumentException e) {
                    violations.add(
                            SETTING,
                            "the file " + file + " cannot be read: "
                                    + e.getClass().getSimpleName());
                }
            }
        } catch (IOException e) {
            violations.add(
                    SETTING, directory + " cannot be read: " + e.getClass().getSimpleName());
        }
        return new Presets(own);
    }

    /** Returns the names of all. */
    List<String> names() {
        var names = new TreeSet<>(own.keySet());
        names.addAll(shipped);
        return List.copyOf(names);
    }

    /** Returns whether it is the operator's own. */
    boolean isOwn(String name) {
        return own.containsKey(name);
    }

    Optional<Preset> named(String name) {
        return Optional.ofNullable(own.get(name))
                .or(() -> shipped.contains(name)
                        ? Optional.of(read.computeIfAbsent(name, Presets::read))
                        : Optional.empty());
    }

    /** Returns the names that are most like this one. */
    List<String> nearest(String name) {
        return names().stream()
                .filter(known ->
                        known.contains(name) || name.contains(known) || Distance.between(name, known) <= MAX_DISTANCE)
                .sorted(Comparator.comparingInt(known -> Distance.between(name, known)))
                .limit(NEAR)
                .toList();
    }

    private static List<String> shipped() {
        try (InputStream index = Objects.requireNonNull(open("index"))) {
            return new String(index.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Preset read(String name) {
        try (InputStream in = Objects.requireNonNull(open(name + SUFFIX))) {
            return Preset.of(name, properties(new InputStreamReader(in, UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> properties(Reader reader) throws IOException {
        var file = new Properties();
        file.load(reader);
        return file.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, file::getProperty));
    }

    private static @Nullable InputStream open(String file) {
        return Presets.class.getResourceAsStream(DIRECTORY + file);
    }
}
