package dev.tokenkeep.registration;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Makes the client registrations of the configuration, or refuses to start and says everything that is wrong with it. */
@Singleton
class ConfiguredRegistrations {

    private static final Logger LOG = Logger.getLogger(ConfiguredRegistrations.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Produces
    @Singleton
    @Startup
    ClientRegistrations registrations(RegistrationsConfig config) {
        var violations = new ConfigViolations();
        var byName = new TreeMap<String, ClientRegistration>();
        config.registrations().forEach((name, registration) -> {
            violations.addIf(
                    !NAME.matcher(name).matches(),
                    "tokenkeep.registrations." + name,
                    "a registration's name has letters, digits, dots, underscores and hyphens, 64 at most");
            byName.put(name, new RegistrationCheck(name, registration, violations).registration());
        });
        violations.throwIfAny();
        if (byName.isEmpty()) {
            LOG.warn(
                    "No client registration is configured (tokenkeep.registrations.<name>.*): there is nothing to refresh");
        }
        return new ClientRegistrations(byName);
    }
}
