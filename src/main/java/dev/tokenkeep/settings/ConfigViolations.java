package dev.tokenkeep.settings;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.interceptor.Interceptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects what is wrong with a group of settings, so that all of it is reported at once, each by its key. */
public final class ConfigViolations {

    /**
     * When settings are checked at start-up: all of them before the database is asked for anything, and before any job of the
     * scheduler, which starts at {@code PLATFORM_BEFORE}.
     */
    public static final int CHECKED = Interceptor.Priority.PLATFORM_BEFORE - 2;

    /** What the message of them begins with. */
    public static final String HEADING = "The configuration can't be used:";

    private final Map<String, String> byKey = new LinkedHashMap<>();

    /** Notes a violation; the first one of a key counts. The message never quotes a secret. */
    public void add(String key, String message) {
        byKey.putIfAbsent(key, message);
    }

    public void addIf(boolean violated, String key, String message) {
        if (violated) {
            add(key, message);
        }
    }

    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** In one line. */
    @Override
    public String toString() {
        return byKey.entrySet().stream()
                .map(violation -> violation.getKey() + ": " + violation.getValue())
                .collect(Collectors.joining("; "));
    }

    /** @throws ConfigurationException if there are any */
    public void throwIfAny() {
        if (!byKey.isEmpty()) {
            String lines = byKey.entrySet().stream()
                    .map(violation -> "\n  " + violation.getKey() + ": " + violation.getValue())
                    .collect(Collectors.joining());
            throw new ConfigurationException(HEADING + lines, byKey.keySet());
        }
    }
}
