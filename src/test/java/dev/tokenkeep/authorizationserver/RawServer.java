package dev.tokenkeep.authorizationserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that keeps to no protocol: answers each request with whatever bytes, in whatever rhythm, or not at all. */
final class RawServer implements AutoCloseable {

    /** What is done to a connection once a whole request has been read from it. */
    interface Behaviour {
        void act(Socket connection, CountDownLatch closing) throws IOException, InterruptedException;
    }

    private final ServerSocket listening;
    private final Behaviour behaviour;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    RawServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            listening = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** An HTTP answer as it is given here, the connection closed after it. */
    static Behaviour answering(String... headAndBody) {
        byte[] bytes = String.join("\r\n", headAndBody).getBytes(ISO_8859_1);
        return (connection, closing) -> {
            connection.getOutputStream().write(bytes);
            connection.close();
        };
    }

    /** The connection is reset instead of an answer. */
    static Behaviour resetting() {
        return (connection, closing) -> {
            connection.setSoLinger(true, 0);
            connection.close();
        };
    }

    /** No answer, until the test is over. */
    static Behaviour silent() {
        return (connection, closing) -> closing.await();
    }

    /** An answer that begins well and goes on for ever, a chunk every few milliseconds. */
    static Behaviour endless(String head, byte[] chunk, long everyMillis) {
        return (connection, closing) -> {
            connection.getOutputStream().write(head.getBytes(ISO_8859_1));
            do {
                connection.getOutputStream().write(chunk);
                connection.getOutputStream().flush();
            } while (!closing.await(everyMillis, TimeUnit.MILLISECONDS));
        };
    }

    URI address(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + pathAndQuery);
    }

    /** The next request that came, head and body as they were written. */
    String request() throws InterruptedException {
        String request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("No request came");
        }
        return request;
    }

    /** Requests that nobody has looked at yet. */
    List<String> otherRequests() {
        return List.copyOf(requests);
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listening.accept();
                open.add(connection);
                connections.incrementAndGet();
                threads.execute(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try {
            while (!connection.isClosed()) {
                requests.add(read(connection.getInputStream()));
                behaviour.act(connection, closing);
            }
        } catch (IOException | InterruptedException e) {
            // The client went away, or the test is over.
        }
    }

    private static String read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.write(next);
        }
        String text = head.toString(ISO_8859_1);
        int length = text.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
        return text + new String(in.readNBytes(length), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        listening.close();
        for (Socket connection : open) {
            connection.close();
        }
        threads.shutdownNow();
    }
}
