package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.testing.TestCertificate;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TlsContentTest {

    @Test
    void tellsWhyACertificateCannotBeShown() throws Exception {
        TestCertificate own = TestCertificate.valid();
        Instant now = Instant.now();
        assertThat(TlsContent.objection(own.store(), now)).isEmpty();
        assertThat(TlsContent.objection(own.store(), now.plus(Duration.ofDays(2))))
                .startsWith("has a certificate that is valid only from ");
        assertThat(TlsContent.objection(own.store(), now.minus(Duration.ofDays(2))))
                .startsWith("has a certificate that is valid only from ");
        assertThat(TlsContent.objection(null, now)).isEqualTo("has no certificate and key");
        KeyStore authority = KeyStore.getInstance("PKCS12");
        authority.load(null, null);
        authority.setCertificateEntry("authority", own.certificate());
        assertThat(TlsContent.objection(authority, now)).isEqualTo("has no certificate and key");
    }
}
