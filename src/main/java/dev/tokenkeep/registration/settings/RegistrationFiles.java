package dev.tokenkeep.registration.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationName;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.FileStamp;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the operator's registrations that are in a directory: a file for each, with the keys of {@code
 * tokenkeep.registrations.<name>}. A file that is invalid leaves its former registration as it was.
 */
@Singleton
public class RegistrationFiles {

    private static final String KEY = "tokenkeep.registration-files.directory";
    private static final String UNREAD = "";
    /** How soon an invalid file is read again, though it has not changed. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private static final Set<String> NOT_IN_FILES = Set.of("session-variables", "former-names");

    private static final String SUFFIX = ".properties";

    private final Optional<Path> directory;
    private final OperatorRegistrations operators;
    private final Ticker ticker;
    private String stamp = UNREAD;
    private OptionalLong retryNanos = OptionalLong.empty();
    private Map<String, Replaceable<ClientRegistration>> current = Map.of();

    RegistrationFiles(RegistrationFilesConfig config, OperatorRegistrations operators, Ticker ticker) {
        this.directory = config.directory().map(Path::of);
        this.operators = operators;
        this.ticker = ticker;
    }

    /** Returns whether a file was added, changed or removed since the last {@link #read}. */
    public synchronized boolean isChanged() {
        boolean again = retryNanos.isPresent() && ticker.nanos() - retryNanos.getAsLong() >= 0;
        return directory.isPresent() && (again || !stamp(directory.get()).equals(stamp));
    }

    private static String stamp(Path directory) {
        return FileStamp.of(List.of(directory));
    }

    /**
     * Reads all files. Those that say what they said before keep their registrations.
     *
     * @param registrations whose configured names no file may have
     * @param violations gets what is wrong, by the keys of the settings
     */
    public synchronized Map<String, Replaceable<ClientRegistration>> read(
            ClientRegistrations registrations, ConfigViolations violations) {
        if (directory.isEmpty()) {
            return Map.of();
        }
        stamp = stamp(directory.get());
        retryNanos = OptionalLong.empty();
        var read = new HashMap<String, Replaceable<ClientRegistration>>();
        try {
            for (Path file : files(directory.get())) {
                String name = file.getFileName().toString().replace(SUFFIX, "");
                Replaceable<ClientRegistration> one = read(name, file, registrations, violations);
                if (one != null) {
                    read.put(name, one);
                }
            }
            current = Map.copyOf(read);
            if (!violations.isEmpty()) {
                // Another file that one names may come later, and rights can change without a new file.
                retryNanos = OptionalLong.of(ticker.nanos() + RETRY.toNanos());
            }
        } catch (IOException | UncheckedIOException e) {
            stamp = UNREAD;
            violations.add(
                    KEY, directory.get() + " cannot be read: " + e.getClass().getSimpleName());
        }
        return current;
    }

    /** Reads the settings of a registration that is in use from its file again; empty if there is none. */
    public Optional<Map<String, String>> settings(String name) {
        return directory
                .filter(any -> current().containsKey(name))
                .map(folder -> settings(folder.resolve(name + SUFFIX), new ConfigViolations()));
    }

    /** Returns the registrations that are in use. */
    public synchronized Map<String, Replaceable<ClientRegistration>> current() {
        return current;
    }

    /** Has these be in use, if not all that were read can be. Then they are read again soon. */
    public synchronized void keep(Map<String, Replaceable<ClientRegistration>> used) {
        if (!used.equals(current)) {
            retryNanos = OptionalLong.of(ticker.nanos() + RETRY.toNanos());
        }
        current = Map.copyOf(used);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the former registration if the file is invalid or says the same; null if there was none. */
    private @Nullable Replaceable<ClientRegistration> read(
            String name, Path file, ClientRegistrations registrations, ConfigViolations violations) {
        Replaceable<ClientRegistration> former = current.get(name);
        var noted = new ConfigViolations();
        noted.addIf(!RegistrationName.isValid(name), KEY, RegistrationName.RULE);
        noted.addIf(registrations.isFixed(name), RegistrationMapping.DOTTED + name, "is in the configuration too");
        Map<String, String> settings = settings(file, noted);
        settings.keySet()
                .forEach(key -> RegistrationReader.unknown(name, key)
                        .ifPresent(why -> noted.add(RegistrationMapping.DOTTED + name + "." + key, why)));
        Replaceable<ClientRegistration> next = noted.isEmpty() ? mapped(name, settings, noted) : null;
        noted.byKey().forEach((key, why) -> violations.add(key, why + " (" + file + ")"));
        boolean same = next != null && former != null && next.current().equals(former.current());
        return noted.isEmpty() && !same ? next : former;
    }

    private static Map<String, String> settings(Path file, ConfigViolations noted) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            // The message may quote the file.
            noted.add(KEY, "cannot be read: " + e.getClass().getSimpleName());
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    private @Nullable Replaceable<ClientRegistration> mapped(
            String name, Map<String, String> settings, ConfigViolations noted) {
        try {
            Registration mapped = new RegistrationMapping(operators.presets())
                    .all(Map.of(name, settings))
                    .get(name);
            noted.addIf(mapped == null, RegistrationMapping.DOTTED + name + ".client-id", "is required");
            settings.keySet().stream()
                    .filter(NOT_IN_FILES::contains)
                    .forEach(key -> noted.add(
                            RegistrationMapping.DOTTED + name + "." + key, "can only be set in the configuration"));
            return mapped == null ? null : operators.read(name, mapped, noted);
        } catch (RuntimeException e) {
            noted.add(RegistrationMapping.DOTTED + name, "cannot be read");
            return null;
        }
    }
}
