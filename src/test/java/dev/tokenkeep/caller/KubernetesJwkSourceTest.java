package dev.tokenkeep.caller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import dev.tokenkeep.testing.SelfSignedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching the API server's keys by what is mounted into a pod. */
class KubernetesJwkSourceTest {

    @TempDir
    Path mount;

    private final List<String> authorizations = new ArrayList<>();
    private int status = 200;
    private String body = "{\"keys\":[]}";
    private SelfSignedServer server;
    private KubernetesJwkSource source;

    @BeforeEach
    void start() throws Exception {
        server = SelfSignedServer.start(this::answer);
        Files.writeString(mount.resolve("ca.crt"), server.certificatePem());
        source = new KubernetesJwkSource(server.address("/openid/v1/jwks"), mount, Runnable::run);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        exchange.getResponseHeaders()
                .add("Location", server.address("/elsewhere").toString());
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String keys() throws IOException {
        try {
            return source.fetch().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw (IOException) e.getCause();
        }
    }

    @Test
    void showsThePodsTokenAsItIsNow() throws IOException {
        assertThat(keys()).isEqualTo(body);
        Files.writeString(mount.resolve("token"), "first\n");
        keys();
        Files.writeString(mount.resolve("token"), "second\n");
        keys();
        assertThat(authorizations).containsExactly("null", "Bearer first", "Bearer second");
    }

    @Test
    void trustsTheClustersAuthorityAlone() throws Exception {
        try (var another = SelfSignedServer.start(this::answer)) {
            Files.writeString(mount.resolve("ca.crt"), another.certificatePem());
            assertThatIOException().isThrownBy(this::keys).isInstanceOf(SSLException.class);
        }
        assertThat(authorizations).isEmpty();
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Files.delete(mount.resolve("ca.crt"));
        assertThatIOException().isThrownBy(this::keys).withMessageContaining("ca.crt");
    }

    @Test
    void followsNoRedirect() {
        status = 302;
        assertThatIOException().isThrownBy(this::keys).withMessageContaining("answered with status 302");
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void readsNoMoreThanAMegabyte() {
        body = " ".repeat(1024 * 1024 + 1);
        assertThatIOException().isThrownBy(this::keys).withMessageContaining("larger than a megabyte");
    }
}
