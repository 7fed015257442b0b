package dev.tokenkeep.caller;

import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.OutboundProxy;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The way to an issuer of callers' JWTs: by the authorities of the TLS registry, or else of the JVM, and through the proxy. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class IssuerHttpAccess implements KeySetFetch.Access {

    /** The JDK's client does not send Basic credentials to a proxy unless this is empty, nor is it looked at again. */
    private static final String NOT_TO_PROXIES = "jdk.http.auth.tunneling.disabledSchemes";

    private final TlsConfigurationRegistry registry;
    private final OutboundProxies proxies;

    IssuerHttpAccess(TlsConfigurationRegistry registry, OutboundProxies proxies) {
        this.registry = registry;
        this.proxies = proxies;
        if (System.getProperty(NOT_TO_PROXIES) == null) {
            System.setProperty(NOT_TO_PROXIES, "");
        }
    }

    @Override
    public HttpClient.Builder client(URI address) throws IOException {
        HttpClient.Builder client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY);
        OutboundProxy proxy = proxies.to(address);
        if (proxy != null) {
            client.proxy(ProxySelector.of(new InetSocketAddress(proxy.host(), proxy.port())));
            client.authenticator(new ProxyUser(proxy));
        }
        TlsConfiguration tls = registry.getDefault().orElse(null);
        return tls == null || tls.getTrustStore() == null ? client : client.sslContext(context(tls));
    }

    /** Whom the proxy, and it alone, is told to be asked by. */
    private static final class ProxyUser extends Authenticator {

        private final OutboundProxy proxy;

        ProxyUser(OutboundProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() != RequestorType.PROXY || proxy.user() == null || proxy.password() == null
                    ? null
                    : new PasswordAuthentication(
                            proxy.user(), proxy.password().reveal().toCharArray());
        }
    }

    private static SSLContext context(TlsConfiguration tls) throws IOException {
        try {
            return tls.createSSLContext();
        } catch (Exception e) {
            throw new IOException("The default TLS configuration can't be used", e);
        }
    }
}
