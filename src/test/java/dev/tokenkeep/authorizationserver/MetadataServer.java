package dev.tokenkeep.authorizationserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An issuer's metadata documents, and a token endpoint that always answers the same tokens. */
final class MetadataServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean held;

    MetadataServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    void serve(String path, String document) {
        documents.put(path, document);
    }

    /** Metadata that points at this server's own {@code /token} and {@code /revoke}. */
    String metadataOf(URI issuer) {
        return """
                {"issuer":"%s","token_endpoint":"%s","revocation_endpoint":"%s"}""".formatted(issuer, address("/token"), address("/revoke"));
    }

    /** Answers wait until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        released.countDown();
    }

    /** The paths that were asked for, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            if (held) {
                released.await();
            }
            String document = path.equals("/token") ? "{\"access_token\":\"at\"}" : documents.get(path);
            byte[] body = (document == null ? "no such page" : document).getBytes(UTF_8);
            exchange.sendResponseHeaders(document == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
