package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP proxy on the loopback that tunnels to this machine, whatever host is asked for, and notes what it is asked. */
public final class ConnectProxy implements AutoCloseable {

    private final ServerSocket server;
    private final Optional<String> credentials;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    private ConnectProxy(ServerSocket server, Optional<String> credentials) {
        this.server = server;
        this.credentials = credentials;
    }

    /** @param credentials {@code user:password} that it wants; empty for none */
    public static ConnectProxy start(Optional<String> credentials) {
        try {
            var proxy = new ConnectProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), credentials);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    /** The first lines of requests, in their order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public void refuse() {
        refusing = true;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            String first = head.lines().findFirst().orElse("");
            asked.add(first);
            OutputStream answer = client.getOutputStream();
            if (!first.startsWith("CONNECT ")) {
                answer.write("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
            } else if (refusing) {
                answer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
            } else if (!isLetIn(head)) {
                answer.write(
                        ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                                        + "Content-Length: 0\r\n\r\n")
                                .getBytes(ISO_8859_1));
            } else {
                tunnel(client, Integer.parseInt(first.split(" ")[1].replaceFirst(".*:", "")));
            }
        } catch (IOException e) {
            // Whoever went away is served no more.
        }
    }

    private boolean isLetIn(String head) {
        String wanted = credentials
                .map(told ->
                        "proxy-authorization: basic " + Base64.getEncoder().encodeToString(told.getBytes(ISO_8859_1)))
                .orElse("");
        return head.lines().anyMatch(line -> line.equalsIgnoreCase(wanted)) || credentials.isEmpty();
    }

    private void tunnel(Socket client, int port) throws IOException {
        try (var target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(ISO_8859_1));
            threads.execute(() -> copy(target, client));
            client.getInputStream().transferTo(target.getOutputStream());
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The other direction ends too.
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        int next = in.read();
        while (next >= 0) {
            head.append((char) next);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                break;
            }
            next = in.read();
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
