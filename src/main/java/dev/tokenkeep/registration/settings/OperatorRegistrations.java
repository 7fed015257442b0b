package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.time.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Creates registrations from the settings of the operator, which may name files with secrets and keys. */
final class OperatorRegistrations {

    private final Presets presets;
    private final Clock clock;
    private final Ticker ticker;

    OperatorRegistrations(Presets presets, Clock clock, Ticker ticker) {
        this.presets = presets;
        this.clock = clock;
        this.ticker = ticker;
    }

    Presets presets() {
        return presets;
    }

    /** Returns the registration, which follows its files. Use it only if no violation was noted. */
    Replaceable<ClientRegistration> read(String name, Registration settings, ConfigViolations violations) {
        return new Replaceable<>(
                "Registration " + name,
                registration(name, settings, violations),
                files(settings),
                noted -> registration(name, settings, noted),
                ticker);
    }

    /** Returns what makes registrations for sessions; empty if the settings are those of one registration. */
    Optional<RegistrationTemplate> template(
            Registration settings, Replaceable<ClientRegistration> read, ConfigViolations violations) {
        Set<String> ofSessions = settings.sessionVariables().orElse(Set.of());
        return ofSessions.isEmpty() || !violations.isEmpty()
                ? Optional.empty()
                : settings.provider().flatMap(presets::named).map(preset -> {
                    var variables = new HashMap<>(preset.variables());
                    variables.keySet().retainAll(ofSessions);
                    return new RegistrationTemplate(read, variables);
                });
    }

    private ClientRegistration registration(String name, Registration settings, ConfigViolations violations) {
        return new RegistrationCheck(name, settings, violations, presets, clock, null).registration();
    }

    private static List<Path> files(Registration settings) {
        return Stream.of(settings.clientSecretFile(), settings.clientKeys(), settings.proxyCredentialsFile())
                .flatMap(Optional::stream)
                .map(Path::of)
                .toList();
    }
}
