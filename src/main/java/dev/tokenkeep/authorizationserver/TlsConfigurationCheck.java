package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationRule;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;

/** Checks the TLS configuration of each registration, and at startup the default one. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class TlsConfigurationCheck implements RegistrationRule {

    private final OutboundTls tls;
    private final ClientRegistrations registrations;
    private final Clock clock;

    TlsConfigurationCheck(OutboundTls tls, ClientRegistrations registrations, Clock clock) {
        this.tls = tls;
        this.registrations = registrations;
        this.clock = clock;
        var violations = new ConfigViolations();
        registrations.ofTheOperator().forEach(registration -> check(registration, violations));
        tls.checkDefault(violations);
        violations.throwIfAny();
    }

    @Override
    public void check(ClientRegistration registration, ConfigViolations violations) {
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

    /** With one certificate for two servers, one of them could pass its tokens off as the other's (CONFORMANCE G30). */
    private boolean isForAnotherServer(String name, ClientRegistration registration) {
        return registrations.ofTheOperator().stream()
                .filter(other -> !other.name().equals(registration.name()))
                .filter(other -> name.equals(other.server().tlsConfiguration()))
                .filter(other -> other.client().authentication().usesCertificate())
                .anyMatch(other -> !host(other).equals(host(registration)));
    }

    private static String host(ClientRegistration registration) {
        URI server = registration.server().address();
        return server.getHost() + ":" + server.getPort();
    }
}
