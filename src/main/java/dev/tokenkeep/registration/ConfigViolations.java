package dev.tokenkeep.registration;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects what is wrong with a group of settings, so that all of it is reported at once, each by its key. */
public final class ConfigViolations {

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

    /** @throws ConfigurationException if there are any */
    public void throwIfAny() {
        if (!byKey.isEmpty()) {
            String lines = byKey.entrySet().stream()
                    .map(violation -> "\n  " + violation.getKey() + ": " + violation.getValue())
                    .collect(Collectors.joining());
            throw new ConfigurationException("The configuration can't be used:" + lines, byKey.keySet());
        }
    }
}
