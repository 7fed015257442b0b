package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Checks at startup the TLS configuration of each registration, and the default one. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class TlsConfigurationCheck {

    private final Map<String, String> serversByConfiguration = new HashMap<>();

    TlsConfigurationCheck(OutboundTls tls, ClientRegistrations registrations, Clock clock) {
        var violations = new ConfigViolations();
        for (ClientRegistration registration : registrations.all()) {
            String key = "tokenkeep.registrations." + registration.name() + ".tls-configuration";
            String name = registration.server().tlsConfiguration();
            tls.check(key, name, violations);
            if (name != null && registration.client().authentication().usesCertificate()) {
                tls.checkCertificate(key, name, clock.instant(), violations);
                violations.addIf(
                        isForAnotherServer(name, registration),
                        key,
                        "the certificate of " + name
                                + " is for another authorization server too; each needs a certificate of its own");
            }
        }
        tls.checkDefault(violations);
        violations.throwIfAny();
    }

    /** With one certificate for two servers, one of them could pass its tokens off as the other's (CONFORMANCE G30). */
    private boolean isForAnotherServer(String name, ClientRegistration registration) {
        URI server = registration.server().address();
        String host = server.getHost() + ":" + server.getPort();
        String other = serversByConfiguration.putIfAbsent(name, host);
        return other != null && !other.equals(host);
    }
}
