package dev.tokenkeep.testing;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
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
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An https server whose certificate is signed by itself. */
public record SelfSignedServer(HttpsServer server, AtomicInteger seen, TestCertificate certificate)
        implements AutoCloseable {

    /** Answers nothing. */
    public static SelfSignedServer start() throws IOException, GeneralSecurityException, InterruptedException {
        return start(exchange -> exchange.close());
    }

    public static SelfSignedServer start(HttpHandler handler)
            throws IOException, GeneralSecurityException, InterruptedException {
        return start(handler, null);
    }

    /** Takes only clients that show one of these certificates. */
    public static SelfSignedServer forClients(HttpHandler handler, TestCertificate... clients)
            throws IOException, GeneralSecurityException, InterruptedException {
        KeyStore trusted = emptyStore();
        for (int client = 0; client < clients.length; client++) {
            trusted.setCertificateEntry("client-" + client, clients[client].certificate());
        }
        return start(handler, trusted);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static SelfSignedServer start(HttpHandler handler, @Nullable KeyStore clients)
            throws IOException, GeneralSecurityException, InterruptedException {
        TestCertificate certificate = TestCertificate.valid();
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(certificate.store(), TestCertificate.PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(clients);
        tls.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        var seen = new AtomicInteger();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters defaults = tls.getDefaultSSLParameters();
                defaults.setNeedClientAuth(clients != null);
                parameters.setSSLParameters(defaults);
            }
        });
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
        vouchedForAs(name, registry, null);
    }

    /** Does the same for a client that shows a certificate. */
    public void vouchedForAs(String name, TlsConfigurationRegistry registry, @Nullable TestCertificate client)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry("as", certificate.certificate());
        var authority = new PemTrustOptions().addCertValue(Buffer.buffer(certificatePem()));
        KeyStore own = client == null ? null : client.store();
        KeyCertOptions shown = client == null
                ? null
                : new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(client.pem()))
                        .addKeyValue(Buffer.buffer(client.keyPem()));
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
            public KeyCertOptions getKeyStoreOptions() {
                return shown;
            }

            @Override
            public KeyStore getKeyStore() {
                return own;
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
