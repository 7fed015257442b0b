package dev.tokenkeep.tokens;

import dev.tokenkeep.http.ShownCertificates;
import dev.tokenkeep.oauth.CertificateThumbprint;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationsChanged;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Objects;

/**
 * Tells access tokens that are bound to a certificate which was replaced since (RFC 8705 §6.3). Resource servers refuse
 * them beside the new certificate, so readers get new ones (CONFORMANCE G25).
 */
@Singleton
public class CertificateBinding {

    private final ClientRegistrations registrations;
    private final ShownCertificates certificates;

    CertificateBinding(ClientRegistrations registrations, ShownCertificates certificates) {
        this.registrations = registrations;
        this.certificates = certificates;
    }

    void start(@Observes StartupEvent event) {
        note(registrations.ofTheOperator());
    }

    void changed(@Observes RegistrationsChanged changed) {
        note(changed.names().stream()
                .flatMap(name -> registrations.find(name).stream())
                .toList());
    }

    private void note(Collection<ClientRegistration> some) {
        some.stream()
                .map(registration -> registration.server().tlsConfiguration())
                .filter(Objects::nonNull)
                .forEach(certificates::note);
    }

    /** Never blocks: the thumbprint comes first, which few tokens have. */
    public boolean isOver(String registration, Secret accessToken) {
        return CertificateThumbprint.of(accessToken.reveal())
                .filter(thumbprint -> registrations
                        .lastRead(registration)
                        .map(known -> known.server().tlsConfiguration())
                        .filter(tls -> certificates.isFormer(tls, thumbprint))
                        .isPresent())
                .isPresent();
    }
}
