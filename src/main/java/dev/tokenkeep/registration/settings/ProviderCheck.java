package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.Optional;

/** Checks the provider of a registration, and the variables of that provider's settings. */
record ProviderCheck(String prefix, Presets presets, ConfigViolations violations) {

    void check(Registration config) {
        if (config.provider().isEmpty()) {
            config.variables()
                    .keySet()
                    .forEach(name -> violations.add(prefix + "variables." + name, "needs a provider"));
            return;
        }
        String name = config.provider().get();
        Optional<Preset> found = presets.named(name);
        if (found.isEmpty()) {
            var near = presets.nearest(name);
            violations.add(
                    prefix + "provider",
                    "there is no provider " + name
                            + (near.isEmpty() ? "; leave it out and set the endpoints" : "; the nearest are " + near));
            return;
        }
        Preset preset = found.get();
        preset.unsupported().ifPresent(why -> violations.add(prefix + "provider", name + " is not supported: " + why));
        preset.variables().forEach((variable, pattern) -> {
            String value = config.variables().get(variable);
            String key = prefix + "variables." + variable;
            if (value == null) {
                violations.add(key, "is required with provider=" + name);
            } else {
                violations.addIf(!pattern.matcher(value).matches(), key, "does not match " + pattern);
            }
        });
        config.variables().keySet().stream()
                .filter(variable -> !preset.variables().containsKey(variable))
                .forEach(variable -> violations.add(
                        prefix + "variables." + variable,
                        "is not known; provider=" + name + " has "
                                + (preset.variables().isEmpty()
                                        ? "no variables"
                                        : preset.variables().keySet().toString())));
    }
}
