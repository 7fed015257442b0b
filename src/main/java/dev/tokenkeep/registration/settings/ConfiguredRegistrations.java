package dev.tokenkeep.registration.settings;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationName;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.registration.SharedKeysCheck;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.time.Ticker;
import io.quarkus.runtime.Startup;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Creates the client registrations from the configuration. If any setting is invalid, Tokenkeep refuses to start and
 * lists each one.
 */
@Singleton
class ConfiguredRegistrations {

    private static final Logger LOG = Logger.getLogger(ConfiguredRegistrations.class);

    private final Ticker ticker;
    private final ClientKeys keys;

    ConfiguredRegistrations(Ticker ticker, ClientKeys keys) {
        this.ticker = ticker;
        this.keys = keys;
    }

    @Produces
    @Singleton
    Presets presets(ProvidersConfig providers) {
        return presets(providers.directory());
    }

    @Produces
    @Singleton
    OperatorRegistrations operators(Presets presets) {
        return new OperatorRegistrations(presets, keys, ticker);
    }

    @Produces
    @Singleton
    @Startup(ConfigViolations.CHECKED)
    ClientRegistrations registrations(Config config, Presets presets, RegistrationFiles files) {
        return registrations(
                new RegistrationSettings(config.unwrap(SmallRyeConfig.class), presets).read(),
                operators(presets),
                files);
    }

    /** @param providers the directory with the operator's own providers */
    ClientRegistrations registrations(Config config, Optional<String> providers) {
        Presets presets = presets(providers);
        return registrations(config, presets, new RegistrationFiles(Optional::empty, operators(presets), ticker));
    }

    private static Presets presets(Optional<String> directory) {
        var violations = new ConfigViolations();
        Presets presets =
                directory.map(own -> Presets.with(Path.of(own), violations)).orElseGet(Presets::ofTokenkeep);
        violations.throwIfAny();
        return presets;
    }

    private static ClientRegistrations registrations(
            Map<String, Registration> settings, OperatorRegistrations operators, RegistrationFiles files) {
        var violations = new ConfigViolations();
        var byName = new TreeMap<String, Replaceable<ClientRegistration>>();
        var templates = new TreeMap<String, RegistrationTemplate>();
        BiConsumer<String, Registration> add = (name, registration) -> {
            Replaceable<ClientRegistration> read = operators.read(name, registration, violations);
            operators
                    .template(registration, read, violations)
                    .ifPresentOrElse(template -> templates.put(name, template), () -> byName.put(name, read));
        };
        settings.forEach((name, registration) -> {
            violations.addIf(!RegistrationName.isValid(name), RegistrationMapping.DOTTED + name, RegistrationName.RULE);
            add.accept(name, registration);
        });
        Map<String, String> presentByFormer = FormerNames.check(settings, violations);
        // What is wrong with the settings is told once, by the key that has them.
        violations.throwIfAny();
        presentByFormer.forEach((former, present) -> add.accept(former, settings.get(present)));
        var registrations = new ClientRegistrations(byName, templates, presentByFormer);
        registrations.publishFiles(files.read(registrations, violations));
        violations.throwIfAny();
        if (registrations.ofTheOperator().isEmpty()) {
            LOG.warn(
                    "No client registration is configured (tokenkeep.registrations.<name>.*). Only those that were added"
                            + " through the API are refreshed");
        }
        SharedKeysCheck.warn(registrations.ofTheOperator());
        return registrations;
    }
}
