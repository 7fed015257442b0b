package dev.tokenkeep.refresh;

import dev.tokenkeep.http.ShownCertificates;
import dev.tokenkeep.oauth.CertificateThumbprint;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import jakarta.inject.Singleton;

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

    /** @param obtainedNanos the ticker's reading when the token was obtained */
    public boolean isOver(String registration, Secret accessToken, long obtainedNanos) {
        String tls = registrations
                .find(registration)
                .map(ClientRegistration::server)
                .map(ClientRegistration.Server::tlsConfiguration)
                .orElse(null);
        return tls != null
                && CertificateThumbprint.of(accessToken.reveal())
                        .filter(thumbprint -> certificates.isFormer(tls, thumbprint, obtainedNanos))
                        .isPresent();
    }
}
