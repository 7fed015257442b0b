package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.ConfigViolations;
import dev.tokenkeep.registration.OutboundTls;
import io.quarkus.runtime.Startup;
import io.quarkus.tls.TlsConfiguration;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Which TLS configuration a registration's connections have; checked at start-up. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class TlsChoice {

    private final OutboundTls tls;

    TlsChoice(OutboundTls tls, ClientRegistrations registrations) {
        this.tls = tls;
        var violations = new ConfigViolations();
        for (ClientRegistration registration : registrations.all()) {
            String key = "tokenkeep.registrations." + registration.name() + ".tls-configuration";
            tls.check(key, registration.tlsConfiguration(), violations);
        }
        tls.checkDefault(violations);
        violations.throwIfAny();
    }

    /** Null for the default. */
    @Nullable
    TlsConfiguration of(ClientRegistration registration) {
        return tls.named(registration.tlsConfiguration());
    }
}
