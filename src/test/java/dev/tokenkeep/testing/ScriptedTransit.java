package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Transit engine that unwraps what {@link #wrapped} has wrapped and signs with the keys that it is given, unless its
 * script says otherwise. Goes and comes back at the same address.
 */
public final class ScriptedTransit implements AutoCloseable {

    private static final String PREFIX = "vault:v1:";
    private static final ObjectMapper JSON = new ObjectMapper();

    record Answer(int status, String body) {}

    /** One request as it came. */
    public record Request(String method, String path, String token, String namespace, String body) {}

    private final Queue<Answer> script = new ArrayDeque<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final TransitSigningScript signing = new TransitSigningScript();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "scripted-transit");
        thread.setDaemon(true);
        return thread;
    });
    private final int port;
    private HttpServer server;

    private ScriptedTransit(int port) throws IOException {
        server = listening(port);
        this.port = server.getAddress().getPort();
    }

    public static ScriptedTransit start() throws IOException {
        return new ScriptedTransit(0);
    }

    private HttpServer listening(int port) throws IOException {
        var listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.createContext("/", this::answer);
        listening.setExecutor(threads);
        listening.start();
        return listening;
    }

    public String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Its keys that sign. */
    public TransitSigningScript signing() {
        return signing;
    }

    /** What the engine would answer for a data key. */
    public static String wrapped(byte[] key) {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** The next request is answered so. */
    public synchronized void answerNext(int status, String body) {
        script.add(new Answer(status, body));
    }

    public void down() {
        server.stop(0);
    }

    public void up() throws IOException {
        server = listening(port);
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** For a server of another kind that answers the same. */
    public void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("X-Vault-Token"),
                    exchange.getRequestHeaders().getFirst("X-Vault-Namespace"),
                    request));
            Answer answer = next(exchange.getRequestURI().getPath(), request);
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer next(String path, String request) throws IOException {
        synchronized (this) {
            if (!script.isEmpty()) {
                return script.remove();
            }
        }
        String key = path.substring(path.lastIndexOf('/') + 1);
        if (path.contains("/keys/")) {
            return signing.describe(key);
        }
        if (path.contains("/sign/")) {
            return signing.sign(key, JSON.readTree(request));
        }
        String ciphertext = JSON.readTree(request).path("ciphertext").asText();
        var data = Map.of("plaintext", ciphertext.substring(PREFIX.length()));
        return new Answer(200, JSON.writeValueAsString(Map.of("request_id", "1", "data", data)));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
