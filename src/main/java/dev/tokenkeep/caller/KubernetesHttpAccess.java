package dev.tokenkeep.caller;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The way to the API server of the cluster that this runs in: by the certificate authority and with the token that are
 * mounted into every pod. Both are read anew each time, as Kubernetes replaces them.
 */
final class KubernetesHttpAccess implements KeySetFetch.Access {

    /** Where Kubernetes mounts it. */
    static final Path MOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private final Path directory;

    KubernetesHttpAccess(Path directory) {
        this.directory = directory;
    }

    /** Trusts the cluster's own authority and no other; through no proxy. */
    @Override
    public HttpClient.Builder client(URI address) throws IOException {
        try (InputStream certificates = Files.newInputStream(directory.resolve("ca.crt"))) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(certificates)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).sslContext(context);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "The file " + directory.resolve("ca.crt") + " has no certificates that can be used", e);
        }
    }

    /** A cluster need not let anybody but its own pods read its keys. */
    @Override
    public void authorize(HttpRequest.Builder request) throws IOException {
        Path token = directory.resolve("token");
        if (Files.exists(token)) {
            request.header("Authorization", "Bearer " + Files.readString(token).strip());
        }
    }
}
