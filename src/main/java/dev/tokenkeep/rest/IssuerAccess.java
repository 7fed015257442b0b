package dev.tokenkeep.rest;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpClient;
import javax.net.ssl.SSLContext;

/** The way to the issuer of callers' JWTs: by the authorities of the TLS registry, or else of the JVM. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class IssuerAccess implements KeySetFetch.Access {

    private final TlsConfigurationRegistry registry;

    IssuerAccess(TlsConfigurationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public HttpClient.Builder client() throws IOException {
        HttpClient.Builder client = HttpClient.newBuilder();
        TlsConfiguration tls = registry.getDefault().orElse(null);
        return tls == null || tls.getTrustStore() == null ? client : client.sslContext(context(tls));
    }

    private static SSLContext context(TlsConfiguration tls) throws IOException {
        try {
            return tls.createSSLContext();
        } catch (Exception e) {
            throw new IOException("The default TLS configuration can't be used", e);
        }
    }
}
