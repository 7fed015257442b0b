package dev.tokenkeep.settings;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.interceptor.Interceptor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects the errors of a group of settings, so that all of them are reported at once, each with its key. */
public final class ConfigViolations {

    /**
     * The startup priority of the checks of settings: all of them run before the first database access and before any
     * job of the scheduler, which starts at {@code PLATFORM_BEFORE}.
     */
    public static final int CHECKED = Interceptor.Priority.PLATFORM_BEFORE - 2;

    /** The beginning of the exception's message. */
    public static final String HEADING = "The configuration is invalid:";

    private final Map<String, String> byKey = new LinkedHashMap<>();

    /** Adds a violation. Only the first one of a key counts. The message never quotes a secret. */
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

    /** Returns the violations by the keys of the settings, in the order in which they were added. */
    public Map<String, String> byKey() {
        return Collections.unmodifiableMap(byKey);
    }

    /** Returns all violations in one line. */
    @Override
    public String toString() {
        return byKey.entrySet().stream()
                .map(violation -> violation.getKey() + ": " + violation.getValue())
                .collect(Collectors.joining("; "));
    }

    /** @throws ConfigurationException if there are any violations */
    public void throwIfAny() {
        if (!byKey.isEmpty()) {
            String lines = byKey.entrySet().stream()
                    .map(violation -> "\n  " + violation.getKey() + ": " + violation.getValue())
                    .collect(Collectors.joining());
            throw new ConfigurationException(HEADING + lines, byKey.keySet());
        }
    }
}
