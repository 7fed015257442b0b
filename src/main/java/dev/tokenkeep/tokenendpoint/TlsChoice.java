package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.ConfigViolations;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which TLS configuration a registration's connections have. In production none is used that would take any certificate:
 * whoever answered then could have every refresh token.
 */
@Singleton
@Startup
class TlsChoice {

    private final TlsConfigurationRegistry registry;

    TlsChoice(TlsConfigurationRegistry registry, ClientRegistrations registrations) {
        this.registry = registry;
        var violations = new ConfigViolations();
        registrations.all().forEach(registration -> check(registration, violations));
        registry.getDefault().ifPresent(tls -> checkTrust(tls, "quarkus.tls", violations));
        violations.throwIfAny();
    }

    private void check(ClientRegistration registration, ConfigViolations violations) {
        String name = registration.tlsConfiguration();
        if (name == null) {
            return;
        }
        Optional<TlsConfiguration> tls = registry.get(name);
        violations.addIf(
                tls.isEmpty(),
                "tokenkeep.registrations." + registration.name() + ".tls-configuration",
                "there is no TLS configuration " + name + " (quarkus.tls." + name + ".*)");
        tls.ifPresent(found -> checkTrust(found, "quarkus.tls." + name, violations));
    }

    private static void checkTrust(TlsConfiguration tls, String key, ConfigViolations violations) {
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            return;
        }
        violations.addIf(tls.isTrustAll(), key + ".trust-all", "certificates are checked in production");
        violations.addIf(
                tls.getHostnameVerificationAlgorithm().filter("NONE"::equals).isPresent(),
                key + ".hostname-verification-algorithm",
                "host names are checked in production");
    }

    /** Null for the default. */
    @Nullable
    TlsConfiguration of(ClientRegistration registration) {
        String name = registration.tlsConfiguration();
        return name == null ? null : registry.get(name).orElseThrow();
    }
}
