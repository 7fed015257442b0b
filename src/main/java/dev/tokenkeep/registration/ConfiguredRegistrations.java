package dev.tokenkeep.registration;

import dev.tokenkeep.registration.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.time.Ticker;
import io.quarkus.runtime.Startup;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Creates the client registrations from the configuration. If any setting is invalid, Tokenkeep refuses to start and
 * lists each one.
 */
@Singleton
class ConfiguredRegistrations {

    private static final Logger LOG = Logger.getLogger(ConfiguredRegistrations.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Ticker ticker;
    private final Clock clock;

    ConfiguredRegistrations(Ticker ticker, Clock clock) {
        this.ticker = ticker;
        this.clock = clock;
    }

    @Produces
    @Singleton
    Presets presets(ProvidersConfig providers) {
        return presets(providers.directory());
    }

    @Produces
    @Singleton
    @Startup(ConfigViolations.CHECKED)
    ClientRegistrations registrations(Config config, Presets presets) {
        return registrations(new RegistrationSettings(config.unwrap(SmallRyeConfig.class), presets).read(), presets);
    }

    /** @param directory with the operator's own providers */
    ClientRegistrations registrations(Config config, Optional<String> directory) {
        return registrations(config, presets(directory));
    }

    private static Presets presets(Optional<String> directory) {
        var violations = new ConfigViolations();
        Presets presets =
                directory.map(own -> Presets.with(Path.of(own), violations)).orElseGet(Presets::ofTokenkeep);
        violations.throwIfAny();
        return presets;
    }

    private ClientRegistrations registrations(Map<String, Registration> settings, Presets presets) {
        var violations = new ConfigViolations();
        var byName = new TreeMap<String, Replaceable<ClientRegistration>>();
        settings.forEach((name, registration) -> {
            violations.addIf(
                    !NAME.matcher(name).matches(),
                    "tokenkeep.registrations." + name,
                    "a registration's name may have up to 64 letters, digits, dots, underscores and hyphens");
            byName.put(
                    name,
                    new Replaceable<>(
                            "Registration " + name,
                            new RegistrationCheck(name, registration, violations, presets, clock).registration(),
                            files(registration),
                            noted -> new RegistrationCheck(name, registration, noted, presets, clock).registration(),
                            ticker));
        });
        violations.throwIfAny();
        if (byName.isEmpty()) {
            LOG.warn(
                    "No client registration is configured (tokenkeep.registrations.<name>.*); nothing will be refreshed");
        }
        var registrations = new ClientRegistrations(byName);
        SharedKeysCheck.warn(registrations.all());
        return registrations;
    }

    private static List<Path> files(Registration settings) {
        return Stream.of(settings.clientSecretFile(), settings.clientKeys(), settings.proxyCredentialsFile())
                .flatMap(Optional::stream)
                .map(Path::of)
                .toList();
    }
}
