package dev.tokenkeep.caller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.jose.JwkSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Fetches the keys of the cluster that this runs in from its API server. Uses the certificate authority and the token
 * that are mounted into every pod. Reads both again each time, because Kubernetes replaces them. Trusts no other
 * authority and uses no proxy.
 */
final class KubernetesJwkSource implements JwkSource {

    /** The directory where Kubernetes mounts the authority and the token. */
    static final Path MOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final int MAX_BYTES = 1024 * 1024;

    private final URI uri;
    private final Path mount;
    private final Executor workers;

    /** @param workers threads that may block */
    KubernetesJwkSource(URI uri, Path mount, Executor workers) {
        this.uri = uri;
        this.mount = mount;
        this.workers = workers;
    }

    @Override
    public CompletionStage<String> fetch() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return fetched();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                workers);
    }

    private String fetched() throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER)
                .header("Accept", "application/jwk-set+json, application/json");
        Path token = mount.resolve("token");
        // A cluster may allow only its own pods to read its keys.
        if (Files.exists(token)) {
            request.header("Authorization", "Bearer " + Files.readString(token).strip());
        }
        HttpClient client = HttpClient.newBuilder()
                .proxy(HttpClient.Builder.NO_PROXY)
                .sslContext(clusterTrust())
                .connectTimeout(CONNECT)
                .followRedirects(Redirect.NEVER)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answered with status " + response.statusCode());
            }
            return body(response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The request to " + uri + " was interrupted", e);
        }
    }

    private String body(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("The key set of " + uri + " is larger than a megabyte");
            }
            return new String(bytes, UTF_8);
        }
    }

    private SSLContext clusterTrust() throws IOException {
        Path file = mount.resolve("ca.crt");
        try (InputStream certificates = Files.newInputStream(file)) {
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
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("The file " + file + " has no usable certificates", e);
        }
    }
}
