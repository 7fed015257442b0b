package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;

/** Checks at startup the TLS configuration of each registration, and the default one. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class TlsConfigurationCheck {

    TlsConfigurationCheck(OutboundTls tls, ClientRegistrations registrations) {
        var violations = new ConfigViolations();
        for (ClientRegistration registration : registrations.all()) {
            String key = "tokenkeep.registrations." + registration.name() + ".tls-configuration";
            tls.check(key, registration.server().tlsConfiguration(), violations);
        }
        tls.checkDefault(violations);
        violations.throwIfAny();
    }
}
