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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An https server whose certificate is signed by itself. */
public record SelfSignedServer(HttpsServer server, AtomicInteger seen, Certificate certificate)
        implements AutoCloseable {

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "as";
    /** Which its certificate has too, and no resolver knows. */
    public static final String NAME = "as.example";

    /** Answers nothing. */
    public static SelfSignedServer start() throws IOException, GeneralSecurityException, InterruptedException {
        return start(exchange -> exchange.close());
    }

    public static SelfSignedServer start(HttpHandler handler)
            throws IOException, GeneralSecurityException, InterruptedException {
        KeyStore keys = selfSigned();
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
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
        return new SelfSignedServer(server, seen, keys.getCertificate(ALIAS));
    }

    private static KeyStore selfSigned() throws IOException, GeneralSecurityException, InterruptedException {
        Path directory = Files.createTempDirectory("self-signed");
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1,dns:" + NAME,
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no key");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.delete(file);
        Files.delete(directory);
        return keys;
    }

    public URI address(String path) {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    public int requests() {
        return seen.get();
    }

    /** PEM. */
    public String certificatePem() throws CertificateEncodingException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** A configuration of this name that trusts its certificate and checks host names. */
    public void vouchedForAs(String name, TlsConfigurationRegistry registry)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
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
