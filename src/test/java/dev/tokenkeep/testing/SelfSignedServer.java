package dev.tokenkeep.testing;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An https server whose certificate is signed by itself. */
public record SelfSignedServer(HttpsServer server, AtomicInteger seen, TestCertificate certificate)
        implements AutoCloseable {

    /** Answers nothing. */
    public static SelfSignedServer start() throws IOException, GeneralSecurityException, InterruptedException {
        return start(exchange -> exchange.close());
    }

    public static SelfSignedServer start(HttpHandler handler)
            throws IOException, GeneralSecurityException, InterruptedException {
        TestCertificate certificate = TestCertificate.valid();
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(certificate.store(), TestCertificate.PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        var seen = new AtomicInteger();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            seen.incrementAndGet();
            handler.handle(exchange);
        });
        server.start();
        return new SelfSignedServer(server, seen, certificate);
    }

    public URI address(String path) {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    public int requests() {
        return seen.get();
    }

    public String certificatePem() throws GeneralSecurityException {
        return certificate.pem();
    }

    /** A configuration of this name that trusts its certificate and checks host names. */
    public void vouchedForAs(String name, TlsConfigurationRegistry registry)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("as", certificate.certificate());
        var authority = new PemTrustOptions().addCertValue(Buffer.buffer(certificatePem()));
        registry.register(name, new BaseTlsConfiguration() {
            @Override
            public TrustOptions getTrustStoreOptions() {
                return authority;
            }

            @Override
            public KeyStore getTrustStore() {
                return trusted;
            }

            @Override
            public Optional<String> getHostnameVerificationAlgorithm() {
                return Optional.of("HTTPS");
            }
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
