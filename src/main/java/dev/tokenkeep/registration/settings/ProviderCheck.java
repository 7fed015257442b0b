package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the provider of a registration, and the variables of that provider's settings. */
record ProviderCheck(String prefix, Presets presets, ConfigViolations violations) {

    static final String ANY_HOST = "any.server.example";

    void check(Registration config) {
        if (config.provider().isEmpty()) {
            config.variables()
                    .keySet()
                    .forEach(name -> violations.add(prefix + "variables." + name, "needs a provider"));
            violations.addIf(config.sessionVariables().isPresent(), prefix + "session-variables", "needs a provider");
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
        Set<String> ofSessions = config.sessionVariables().orElse(Set.of());
        ofSessions.forEach(variable -> ofSession(variable, config, preset));
        // CONFORMANCE G30.
        violations.addIf(
                !ofSessions.isEmpty() && config.clientAuthentication().endsWith("tls_client_auth"),
                prefix + "session-variables",
                "cannot be used with " + config.clientAuthentication()
                        + ": each authorization server needs a certificate of its own");
        preset.variables().forEach((variable, pattern) -> {
            if (ofSessions.contains(variable)) {
                return;
            }
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
                .forEach(
                        variable -> violations.add(prefix + "variables." + variable, "is not known; " + known(preset)));
    }

    private void ofSession(String variable, Registration config, Preset preset) {
        String key = prefix + "session-variables";
        Pattern pattern = preset.variables().get(variable);
        if (pattern == null) {
            violations.add(key, "there is no variable " + variable + "; " + known(preset));
            return;
        }
        violations.addIf(
                config.variables().containsKey(variable),
                prefix + "variables." + variable,
                "is set, and is among session-variables: remove one");
        violations.addIf(
                pattern.matcher(ANY_HOST).matches(),
                key,
                "with " + variable
                        + ", a session could have the client's secret sent to any server. Write a provider of"
                        + " your own, whose preset.variables." + variable + " allows only the right ones");
    }

    private static String known(Preset preset) {
        return "provider=" + preset.name() + " has "
                + (preset.variables().isEmpty()
                        ? "no variables"
                        : preset.variables().keySet().toString());
    }
}
