package dev.tokenkeep.registration.settings;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.FileStamp;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.time.Ticker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates registrations from the settings of the operator, which may name files with secrets and keys. */
final class OperatorRegistrations {

    private final Presets presets;
    private final ClientKeys keys;
    private final Ticker ticker;

    OperatorRegistrations(Presets presets, ClientKeys keys, Ticker ticker) {
        this.presets = presets;
        this.keys = keys;
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
                stamp(settings),
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
        return new RegistrationCheck(name, settings, violations, presets, keys, null).registration();
    }

    /** Returns null if the registration never changes. */
    private @Nullable Supplier<String> stamp(Registration settings) {
        List<Path> files = Stream.of(
                        settings.clientSecretFile(), settings.clientKeys(), settings.proxyCredentialsFile())
                .flatMap(Optional::stream)
                .map(Path::of)
                .toList();
        String transit = settings.clientKeysTransit().orElse(null);
        return files.isEmpty() && transit == null
                ? null
                : () -> FileStamp.of(files) + (transit == null ? "" : keys.stamp(transit));
    }
}
